package wire

import (
	"bytes"
	"errors"
	"unicode/utf8"

	"github.com/jackc/pgerrcode"
	"github.com/jackc/pgx/v5/pgproto3"

	"github.com/vecdb/vecdb/sql/pgerr"
)

// frontend has one message of each kind, used again and again.
type frontend struct {
	bind      pgproto3.Bind
	close     pgproto3.Close
	copyData  pgproto3.CopyData
	copyDone  pgproto3.CopyDone
	copyFail  pgproto3.CopyFail
	describe  pgproto3.Describe
	execute   pgproto3.Execute
	flush     pgproto3.Flush
	call      pgproto3.FunctionCall
	parse     pgproto3.Parse
	query     pgproto3.Query
	sync      pgproto3.Sync
	terminate pgproto3.Terminate
	sasl      saslMessage
}

// kind is what the framing must know of a message type.
type kind struct {
	name  string
	small bool // has no more than names in it
	in    func(*frontend) pgproto3.FrontendMessage
}

// kinds lists the messages of clients by their type byte. One without a name is none.
var kinds = [256]kind{
	'B': {"Bind", false, func(f *frontend) pgproto3.FrontendMessage { return &f.bind }},
	'C': {"Close", true, func(f *frontend) pgproto3.FrontendMessage { return &f.close }},
	'd': {"CopyData", false, func(f *frontend) pgproto3.FrontendMessage { return &f.copyData }},
	'c': {"CopyDone", true, func(f *frontend) pgproto3.FrontendMessage { return &f.copyDone }},
	'f': {"CopyFail", false, func(f *frontend) pgproto3.FrontendMessage { return &f.copyFail }},
	'D': {"Describe", true, func(f *frontend) pgproto3.FrontendMessage { return &f.describe }},
	'E': {"Execute", true, func(f *frontend) pgproto3.FrontendMessage { return &f.execute }},
	'H': {"Flush", true, func(f *frontend) pgproto3.FrontendMessage { return &f.flush }},
	'F': {"FunctionCall", false, func(f *frontend) pgproto3.FrontendMessage { return &f.call }},
	'P': {"Parse", false, func(f *frontend) pgproto3.FrontendMessage { return &f.parse }},
	'Q': {"Query", false, func(f *frontend) pgproto3.FrontendMessage { return &f.query }},
	'S': {"Sync", true, func(f *frontend) pgproto3.FrontendMessage { return &f.sync }},
	'X': {"Terminate", true, func(f *frontend) pgproto3.FrontendMessage { return &f.terminate }},
	'p': {"password", false, func(f *frontend) pgproto3.FrontendMessage { return &f.sasl }},
}

// saslMessage is an answer in an exchange; what it means depends on the step.
type saslMessage struct{ data []byte }

// Frontend marks a message of clients.
func (*saslMessage) Frontend() {}

// Decode implements pgproto3.Message.
func (m *saslMessage) Decode(b []byte) error { m.data = b; return nil }

// Encode is not needed: only clients send this message.
func (*saslMessage) Encode([]byte) ([]byte, error) {
	return nil, errors.New("not a message of servers")
}

// decode reads a message's body. The message is good until the next of its kind, the bytes that it
// refers to until the next message. What is wrong within the body is an error like any other, since the
// next message can still be found.
func (f *frontend) decode(typ byte, body []byte) (pgproto3.FrontendMessage, error) {
	m := kinds[typ].in(f)
	if err := m.Decode(body); err != nil {
		return m, pgerr.New(pgerrcode.ProtocolViolation, "invalid message format").Detail("%s", err.Error())
	}
	return m, validText(m)
}

// validText checks the strings of a message that nobody further on checks.
func validText(m pgproto3.FrontendMessage) error {
	switch m := m.(type) {
	case *pgproto3.Query:
		return checkUTF8(m.String)
	case *pgproto3.Parse:
		if err := checkUTF8(m.Name); err != nil {
			return err
		}
		return checkUTF8(m.Query)
	case *pgproto3.Bind:
		if len(m.ParameterFormatCodes) > 1 && len(m.ParameterFormatCodes) != len(m.Parameters) {
			return protocolViolation("bind message has %d parameter formats but %d parameters",
				len(m.ParameterFormatCodes), len(m.Parameters))
		}
		for i, p := range m.Parameters {
			if formatAt(m.ParameterFormatCodes, i) != 0 {
				continue
			}
			if !utf8.Valid(p) || bytes.IndexByte(p, 0) >= 0 {
				return checkUTF8(string(p))
			}
		}
	}
	return nil
}

// formatAt gives the format of value i by the protocol's rule: none is text, one is for all.
func formatAt(formats []int16, i int) int16 {
	switch len(formats) {
	case 0:
		return 0
	case 1:
		return formats[0]
	default:
		return formats[i]
	}
}
