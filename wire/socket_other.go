//go:build !unix

package wire

import "errors"

// canReadRaw says that input keeps its buffer while it waits: there is no other way here.
const canReadRaw = false

func readRaw(uintptr, []byte) (int, error) { return 0, errors.ErrUnsupported }

func wouldBlock(error) bool { return false }
