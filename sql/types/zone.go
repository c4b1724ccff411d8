package types

import "time"

// Zone is a session time zone: a location or a fixed offset, with the name that SHOW TimeZone prints.
type Zone struct {
	Name string
	Loc  *time.Location
}
