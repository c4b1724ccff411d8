package wire

import (
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5/pgproto3"
)

// typeName is a message's name in the protocol's documents.
func typeName(m pgproto3.BackendMessage) string {
	return strings.TrimPrefix(fmt.Sprintf("%T", m), "*pgproto3.")
}

// render writes a message on one line. What differs from run to run is left out: process ids and keys,
// OIDs of tables, and where in its own source a server has found an error.
func render(m pgproto3.BackendMessage) string {
	var b strings.Builder
	b.WriteString(typeName(m))
	switch m := m.(type) {
	case *pgproto3.RowDescription:
		for _, f := range m.Fields {
			fmt.Fprintf(&b, " %s:%d", f.Name, f.DataTypeOID)
			if f.TypeModifier != -1 {
				fmt.Fprintf(&b, "(%d)", f.TypeModifier)
			}
			if f.TableOID != 0 {
				fmt.Fprintf(&b, "@%d", f.TableAttributeNumber)
			}
			if f.Format != 0 {
				b.WriteString(" binary")
			}
		}
	case *pgproto3.DataRow:
		for _, v := range m.Values {
			if v == nil {
				b.WriteString(" NULL")
			} else {
				fmt.Fprintf(&b, " %q", v)
			}
		}
	case *pgproto3.CommandComplete:
		fmt.Fprintf(&b, " %s", m.CommandTag)
	case *pgproto3.ReadyForQuery:
		fmt.Fprintf(&b, " %c", m.TxStatus)
	case *pgproto3.ParameterDescription:
		fmt.Fprintf(&b, " %v", m.ParameterOIDs)
	case *pgproto3.ParameterStatus:
		fmt.Fprintf(&b, " %s=%s", m.Name, m.Value)
	case *pgproto3.CopyInResponse:
		fmt.Fprintf(&b, " %d %v", m.OverallFormat, m.ColumnFormatCodes)
	case *pgproto3.CopyOutResponse:
		fmt.Fprintf(&b, " %d %v", m.OverallFormat, m.ColumnFormatCodes)
	case *pgproto3.CopyData:
		fmt.Fprintf(&b, " %q", m.Data)
	case *pgproto3.NotificationResponse:
		fmt.Fprintf(&b, " %s %q", m.Channel, m.Payload)
	case *pgproto3.NegotiateProtocolVersion:
		fmt.Fprintf(&b, " %d.%d %v", m.NewestMinorProtocol>>16, m.NewestMinorProtocol&0xffff, m.UnrecognizedOptions)
	case *pgproto3.ErrorResponse:
		renderError(&b, m)
	case *pgproto3.NoticeResponse:
		renderError(&b, (*pgproto3.ErrorResponse)(m))
	}
	b.WriteByte('\n')
	return b.String()
}

func renderError(b *strings.Builder, e *pgproto3.ErrorResponse) {
	fmt.Fprintf(b, " %s %s %s", e.Severity, e.Code, e.Message)
	if e.Position != 0 {
		fmt.Fprintf(b, " at %d", e.Position)
	}
	for _, f := range [][2]string{
		{"detail", e.Detail}, {"hint", e.Hint}, {"table", e.TableName}, {"column", e.ColumnName}, {"constraint", e.ConstraintName},
	} {
		if f[1] != "" {
			fmt.Fprintf(b, " %s=%q", f[0], f[1])
		}
	}
}
