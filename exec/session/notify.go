package session

import (
	"slices"
	"strings"

	"github.com/jackc/pgerrcode"

	"github.com/vecdb/vecdb/sql/pgerr"
	"github.com/vecdb/vecdb/sql/types"
)

// Limits of NOTIFY, PostgreSQL's.
const (
	channelBytesMax = 63
	payloadBytesMax = 8000
)

// announce keeps a LISTEN, UNLISTEN or NOTIFY until the commit. A NOTIFY that the transaction has sent already is
// told once.
func (s *Session) announce(m message) error {
	if m.kind == 'n' {
		switch {
		case m.channel == "":
			return pgerr.New(pgerrcode.InvalidParameterValue, "channel name cannot be empty")
		case len(m.channel) > channelBytesMax:
			return pgerr.New(pgerrcode.InvalidParameterValue, "channel name too long")
		case len(m.payload) >= payloadBytesMax:
			return pgerr.New(pgerrcode.InvalidParameterValue, "payload string too long")
		}
		if slices.Contains(s.tx.messages, m) {
			return nil
		}
	}
	s.tx.messages = append(s.tx.messages, m)
	return nil
}

// deliver does what a transaction has announced: first who listens changes, then the notifications go out.
func (s *Server) deliver(from *Session, messages []message) {
	if len(messages) == 0 {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, m := range messages {
		switch m.kind {
		case 'l':
			s.listen(from, m.channel)
		case 'u':
			s.unlisten(from, m.channel)
		}
	}
	for _, m := range messages {
		if m.kind != 'n' {
			continue
		}
		for x := range s.channels[m.channel] {
			if x.db.OID == from.db.OID {
				x.client.Notification(from.pid, m.channel, m.payload)
			}
		}
	}
}

// listeningChannels lists the channels that the session listens on.
func listeningChannels(s *Session, _ []types.Datum) (types.Datum, error) {
	s.srv.mu.Lock()
	defer s.srv.mu.Unlock()
	var names []types.Datum
	for name, l := range s.srv.channels {
		if l[s] {
			names = append(names, types.StringDatum(name))
		}
	}
	slices.SortFunc(names, func(a, b types.Datum) int { return strings.Compare(a.S, b.S) })
	return types.StringDatum(types.ArrayOf(types.TextOID, names)), nil
}

// listen adds a session to a channel. The server is locked.
func (s *Server) listen(x *Session, channel string) {
	if s.channels[channel] == nil {
		s.channels[channel] = map[*Session]bool{}
	}
	s.channels[channel][x] = true
}

// unlisten takes a session from a channel, or from all when the name is empty. The server is locked.
func (s *Server) unlisten(x *Session, channel string) {
	for name, l := range s.channels {
		if channel != "" && name != channel {
			continue
		}
		delete(l, x)
		if len(l) == 0 {
			delete(s.channels, name)
		}
	}
}
