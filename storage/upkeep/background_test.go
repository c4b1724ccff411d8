package upkeep_test

import (
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/vecdb/vecdb/storage/upkeep"
)

// logLines collects what is logged, and tells of each line.
type logLines struct {
	mu    sync.Mutex
	lines []string
	came  chan struct{}
}

func (l *logLines) Write(p []byte) (int, error) {
	l.mu.Lock()
	l.lines = append(l.lines, string(p))
	l.mu.Unlock()
	select {
	case l.came <- struct{}{}:
	default:
	}
	return len(p), nil
}

// In the background a step that fails is logged and ends nothing; Close ends a step that is under way and waits for it,
// and the keeper may still be asked for single steps.
func TestBackground(t *testing.T) {
	w, i := newFaultyWorld(t)
	w.insert(0, 3000)
	broken := errors.New("broken")
	i.set("/db/data/", broken, nil)
	log := &logLines{came: make(chan struct{}, 1)}
	o := upkeep.Options{FlushRows: 1, Interval: time.Millisecond, Log: slog.New(slog.NewTextHandler(log, nil))}
	k := upkeep.Start(w.s, o)
	<-log.came
	w.insert(5000, 10) // statements go on
	w.check(k.Close())
	log.mu.Lock()
	if !strings.Contains(log.lines[0], "broken") || !strings.Contains(log.lines[0], "WARN") {
		t.Fatalf("logged: %q", log.lines)
	}
	log.mu.Unlock()

	reached, closing := make(chan struct{}), make(chan error, 1)
	release := make(chan struct{})
	i.set("/db/data/", nil, func() { close(reached); <-release })
	k = upkeep.Start(w.s, o)
	<-reached
	go func() { closing <- k.Close() }()
	w.insert(6000, 10)
	close(release)
	w.check(<-closing)
	i.set("", nil, nil)
	k = upkeep.New(w.s, upkeep.Options{FlushRows: 1, Now: w.o.Now})
	w.check(k.Close()) // there is nothing to wait for
	for did := true; did; {
		var err error
		did, err = k.Step(ctx)
		w.check(err)
	}
	if n := w.tail(); n != 0 {
		t.Fatalf("%d rows are in no fragment", n)
	}
	w.reopen()
	if n := w.s.RowCount(tableOID); n != 3020 {
		t.Fatalf("%d rows", n)
	}
}
