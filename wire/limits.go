package wire

import "time"

// Limits bound what clients can make the server hold. Zero fields mean the defaults.
type Limits struct {
	// Connections that may be open at once; one more is told 53300. Default 10,000.
	Connections int
	// AuthTimeout is the time from connect to ready. Default 60 s, PostgreSQL's authentication_timeout.
	AuthTimeout time.Duration
	// MessageBytes is the largest message from a client. Default 1 GB - 1, PostgreSQL's.
	MessageBytes int
	// OutputBytes is how much output gathers before it is written although nobody asked. Default 64 KB.
	OutputBytes int
	// ClientCheck is how often the sockets of running statements are looked at; the statement of a
	// client that is gone is canceled. Default 1 s, negative: never.
	ClientCheck time.Duration
}

const (
	connectionsDefault  = 10000
	authTimeoutDefault  = time.Minute
	messageBytesDefault = 1<<30 - 1
	outputBytesDefault  = 64 << 10
	clientCheckDefault  = time.Second
)

// Limits that nobody needs to set.
const (
	// startupBytesMax bounds every message before authentication, which anyone can send.
	startupBytesMax = 10000
	// smallBytesMax bounds the messages that carry no more than a name, as in PostgreSQL.
	smallBytesMax = 10000
	// strangersMax is how many connections above Limits.Connections are let in to be told why they must
	// go, or to cancel a statement. More are closed without a word.
	strangersMax = 1000
	// rowBytesMax is the largest message that the protocol can carry to a client.
	rowBytesMax = 1<<30 - 1
	// notificationsMax is how many notifications wait for one client; later ones are dropped.
	notificationsMax = 16384
	// killGrace is the time that canceled statements have to end in Shutdown before their connections
	// are cut.
	killGrace = 2 * time.Second
	// lastWordMax is how long a client may take to accept the message that ends its connection.
	lastWordMax = time.Second
	// acceptPause is waited after a failed accept, so that a process out of file descriptors does not
	// spin.
	acceptPause = 50 * time.Millisecond
)

func (l Limits) withDefaults() Limits {
	if l.Connections == 0 {
		l.Connections = connectionsDefault
	}
	if l.AuthTimeout == 0 {
		l.AuthTimeout = authTimeoutDefault
	}
	if l.MessageBytes == 0 {
		l.MessageBytes = messageBytesDefault
	}
	if l.OutputBytes == 0 {
		l.OutputBytes = outputBytesDefault
	}
	if l.ClientCheck == 0 {
		l.ClientCheck = clientCheckDefault
	}
	return l
}
