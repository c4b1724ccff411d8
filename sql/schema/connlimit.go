package schema

// ConnLimit bounds the connections of a role or to a database. The zero value is no limit.
type ConnLimit int

// noConnections is the limit of 0, which is not the zero value.
const noConnections ConnLimit = -1

// MakeConnLimit makes the limit that CONNECTION LIMIT n means; -1 is none.
func MakeConnLimit(n int) ConnLimit {
	switch n {
	case -1:
		return 0
	case 0:
		return noConnections
	}
	return ConnLimit(n)
}

// Number is the limit as CONNECTION LIMIT gives it.
func (l ConnLimit) Number() int {
	switch l {
	case 0:
		return -1
	case noConnections:
		return 0
	}
	return int(l)
}

// Reached says whether n connections are all that there may be.
func (l ConnLimit) Reached(n int) bool { return l != 0 && n >= l.Number() }
