package vfs

import (
	"sync/atomic"
	"time"

	"golang.org/x/sys/unix"
)

const (
	// coldFaults is the number of major faults between two looks that show that maps are read cold.
	coldFaults = 8
	// coldLook is the least time between two looks at the counter of faults, which is a system call.
	coldLook = 2 * time.Millisecond
	// coldMin and coldMax bound for how long cold reads are asked for ahead before it is tried without.
	// The time doubles each time the try finds them still cold.
	coldMin = time.Second
	coldMax = 8 * time.Second
	// coldTry is for how long, in nanoseconds, a try must find maps warm to count as one that did.
	coldTry = int64(16 * coldLook)
)

// coldness tells whether mapped files are likely to be read from the device. Asking for a page ahead
// (WillNeed) makes the device work on many at once, but is a system call for each: for files that are in
// memory it costs more than reading the page. The kernel's count of major faults tells both apart: while
// nobody asks ahead, cold reads show there. It is safe for many goroutines.
type coldness struct {
	faults func() int64 // major faults so far
	now    func() time.Time

	seen   atomic.Int64 // faults at the last look
	looked atomic.Int64 // unix nanoseconds of it
	until  atomic.Int64 // ask ahead until then
	pause  atomic.Int64 // for how long it was decided last
}

// process is the coldness of this process, as the counter it looks at is the process's.
var process = coldness{faults: majorFaults, now: time.Now}

// Cold says whether pages of maps should be asked for before they are read. Ask once for each batch of reads.
func Cold() bool { return process.cold() }

func (c *coldness) cold() bool {
	now := c.now().UnixNano()
	if now < c.until.Load() {
		return true
	}
	last := c.looked.Load()
	if now-last < int64(coldLook) || !c.looked.CompareAndSwap(last, now) {
		return false
	}
	n := c.faults()
	was := c.seen.Swap(n)
	if last != 0 && last < c.until.Load() {
		return false // the try begins: what faulted before it says nothing
	}
	if last != 0 && n-was < coldFaults {
		if now-c.until.Load() > coldTry {
			c.pause.Store(0) // the try has shown that it is warm
		}
		return false
	}
	pause := min(max(2*c.pause.Load(), int64(coldMin)), int64(coldMax))
	c.pause.Store(pause)
	c.until.Store(now + pause)
	return true
}

func majorFaults() int64 {
	var u unix.Rusage
	if err := unix.Getrusage(unix.RUSAGE_SELF, &u); err != nil {
		return 0 // then nothing is asked for ahead
	}
	return u.Majflt
}
