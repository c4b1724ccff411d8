package vfs

import (
	"testing"
	"time"
)

// Pages are asked for ahead while faults show that they are read from the device, and for longer each time
// a try without still finds faults; no longer once a try finds none.
func TestColdness(t *testing.T) {
	var faults int64
	now := time.Unix(1000, 0)
	c := &coldness{faults: func() int64 { return faults }, now: func() time.Time { return now }}
	step := func(d time.Duration, more int64, want bool) {
		t.Helper()
		now = now.Add(d)
		faults += more
		if got := c.cold(); got != want {
			t.Fatalf("at %v with %d faults: cold %v, want %v", now.Sub(time.Unix(1000, 0)), faults, got, want)
		}
	}
	step(0, 0, true) // nothing is known yet
	step(coldMin-time.Millisecond, 0, true)
	step(time.Millisecond, 1000, false) // the first try; the faults of before do not count
	step(coldLook/2, 100, false)        // too soon for a look
	step(coldLook, 0, true)
	step(2*coldMin-time.Millisecond, 0, true) // twice as long
	for range 10 {
		step(coldMax, 0, false) // a try
		step(coldLook, coldFaults, true)
	}
	step(coldMax-time.Millisecond, 0, true) // never longer than the limit
	step(time.Millisecond, 0, false)
	step(coldLook, coldFaults-1, false)
	step(time.Duration(coldTry), 0, false) // warm
	step(coldLook, coldFaults, true)
	step(coldMin, 0, false) // the short time again
	step(coldLook, coldFaults-1, false)
}
