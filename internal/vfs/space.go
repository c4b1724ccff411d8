package vfs

import (
	"errors"
	"syscall"
)

// IsFull says whether an error is that of a full device or quota.
func IsFull(err error) bool {
	return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT)
}

// Space returns the bytes that are free for us on the device of a folder and the bytes it has; false when
// the file system does not know.
func Space(fs FS, dir string) (free, total uint64, ok bool) {
	u, err := fs.GetDiskUsage(dir)
	return u.AvailBytes, u.TotalBytes, err == nil
}
