package main

import (
	"fmt"
	"runtime/debug"

	"github.com/KimMachineGun/automemlimit/memlimit"

	"github.com/vecdb/vecdb/exec/settings"
	"github.com/vecdb/vecdb/internal/mem"
)

// memoryBytesMin is the least that --memory may be: the store's own caches and a few sessions.
const memoryBytesMin = 256 << 20

// memoryBytes is how much the process may use: what --memory says, or three quarters of what there is; 0 when that
// cannot be found out.
func (c *config) memoryBytes() (int64, error) {
	if c.Memory != "" {
		n, err := settings.ParseBytes("memory", c.Memory)
		if err != nil {
			return 0, fmt.Errorf("--memory is %q, it must be a size such as 8GB", c.Memory)
		}
		if n < memoryBytesMin {
			return 0, fmt.Errorf("--memory is %q, it must be at least 256MB", c.Memory)
		}
		return n, nil
	}
	there, err := memlimit.ApplyFallback(memlimit.FromCgroup, memlimit.FromSystem)()
	if err != nil {
		return 0, nil //nolint:nilerr // a system that does not tell has no limit
	}
	return int64(there / 4 * 3), nil
}

// limitMemory makes the collector work harder near the limit, and returns the account of all sessions. It may hold half
// of the limit: what is counted is values, and the collector needs room for what is not alive any more.
func limitMemory(bytes int64) *mem.Account {
	if bytes > 0 {
		debug.SetMemoryLimit(bytes)
	}
	return mem.New("server", bytes/2)
}
