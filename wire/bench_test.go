package wire_test

import (
	"testing"

	"github.com/jackc/pgx/v5/pgproto3"
)

// BenchmarkRoundTrip is one statement and its answer, with nothing behind the wire.
func BenchmarkRoundTrip(b *testing.B) {
	run := func(name, unit string, perTrip int, request []byte) {
		b.Run(name, func(b *testing.B) {
			c := serve(b, nil).start(b)
			c.send(&pgproto3.Parse{Name: "s", Query: unit}, &pgproto3.Sync{})
			c.until("1, ZI")
			// The client reads bytes, not messages, so that the server is what is measured.
			if _, err := c.nc.Write(request); err != nil {
				b.Fatal(err)
			}
			size := answerBytes(b, c, perTrip)
			answer := make([]byte, size)
			b.ReportAllocs()
			for b.Loop() {
				if _, err := c.nc.Write(request); err != nil {
					b.Fatal(err)
				}
				for n := 0; n < size; {
					m, err := c.nc.Read(answer[n:])
					if err != nil {
						b.Fatal(err)
					}
					n += m
				}
			}
			b.ReportMetric(float64(perTrip*b.N)/b.Elapsed().Seconds(), "statements/s")
		})
	}
	simple := one(b, query("rows 10"))
	prepared := one(b, &pgproto3.Bind{PreparedStatement: "s"}, &pgproto3.Execute{}, &pgproto3.Sync{})
	run("simple10", "rows 10", 1, simple)
	run("prepared10", "rows 10", 1, prepared)
	run("simple100k", "rows 10", 1, one(b, query("rows 100000")))
	var pipeline []byte
	for range 100 {
		pipeline = append(pipeline, prepared...)
	}
	run("pipeline100", "rows 10", 100, pipeline)
}

// answerBytes reads the answers to some exchanges and counts their bytes.
func answerBytes(b *testing.B, c *client, exchanges int) int {
	b.Helper()
	size := 0
	for exchanges > 0 {
		m, err := c.Receive()
		if err != nil {
			b.Fatal(err)
		}
		e, err := m.Encode(nil)
		if err != nil {
			b.Fatal(err)
		}
		size += len(e)
		if _, ok := m.(*pgproto3.ReadyForQuery); ok {
			exchanges--
		}
	}
	return size
}
