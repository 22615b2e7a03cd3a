package main

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
)

// The end of a server waits for requests that are being answered, which write into
// what is closed next, and lets in none that came late.
func TestControlEndsAfterItsRequests(t *testing.T) {
	entered, ended := make(chan struct{}), atomic.Bool{}
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if w.Header().Set(protocolHeader, strconv.Itoa(controlProtocol)); r.Method == http.MethodGet {
			return // who is there?
		}
		close(entered) // a second one panics
		<-r.Context().Done()
		for range 10_000 { // what a publishing run still has to write down
			runtime.Gosched()
		}
		ended.Store(true)
	})
	data := t.TempDir()
	c, err := openControl(t.Context(), data, handler, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	there, err := dialServer(t.Context(), data)
	if err != nil || there == nil {
		t.Fatal(there, err)
	}
	defer there.close()
	asked := make(chan error, 1)
	go func() {
		resp, err := there.ask(t.Context(), http.MethodPost, "/v1/reparse", struct{}{})
		if err == nil {
			resp.Body.Close()
		}
		asked <- err
	}()
	<-entered
	late := c.counted(handler)
	c.close()
	if !ended.Load() {
		t.Error("the control socket is closed while a request is being answered")
	}
	<-asked
	w := httptest.NewRecorder()
	late.ServeHTTP(w, httptest.NewRequest(http.MethodPost, "/v1/reparse", http.NoBody))
	if w.Code != http.StatusServiceUnavailable || !strings.Contains(w.Body.String(), "stopping") {
		t.Errorf("a late request is answered with %d %s", w.Code, w.Body)
	}
}
