package mongo_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"sync"
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"
)

// recorder is a server that speaks enough of MongoDB's wire protocol
// (https://www.mongodb.com/docs/manual/reference/mongodb-wire-protocol/) to
// note every command it is given and to answer as the test wants. It stores
// nothing.
type recorder struct {
	t        testing.TB
	light    bool // for benchmarks: counts what it is given to write, keeps nothing
	listener net.Listener
	conns    sync.WaitGroup

	mu       sync.Mutex
	commands []command
	answers  map[string][]answer // by command name, used up in order
	open     map[net.Conn]bool
}

// command is one command as it came over the wire, with the documents of its
// sequences (updates, documents, deletes) put back into it.
type command struct {
	name string
	body bson.D
	from string // the address of the connection that it came over
}

// answer is a reply, or a cut connection when cut is set.
type answer struct {
	reply bson.D
	cut   bool
}

func newRecorder(t testing.TB) *recorder {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	r := &recorder{t: t, listener: l, answers: map[string][]answer{}, open: map[net.Conn]bool{}}
	r.conns.Go(r.accept)
	t.Cleanup(r.stop)
	return r
}

func (r *recorder) uri() string {
	return fmt.Sprintf("mongodb://%s/?replicaSet=rs0&directConnection=true", r.listener.Addr())
}

func (r *recorder) stop() {
	r.listener.Close()
	r.mu.Lock()
	for c := range r.open {
		c.Close()
	}
	r.mu.Unlock()
	r.conns.Wait()
}

// answer queues replies to the next commands of that name.
func (r *recorder) answer(name string, answers ...answer) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.answers[name] = append(r.answers[name], answers...)
}

// seen returns the commands of those names so far, in order.
func (r *recorder) seen(names ...string) []command {
	r.mu.Lock()
	defer r.mu.Unlock()
	var out []command
	for _, c := range r.commands {
		if slices.Contains(names, c.name) {
			out = append(out, c)
		}
	}
	return out
}

func (r *recorder) accept() {
	for {
		c, err := r.listener.Accept()
		if err != nil {
			return
		}
		r.mu.Lock()
		r.open[c] = true
		r.mu.Unlock()
		r.conns.Go(func() {
			defer c.Close()
			if err := r.serve(c); err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, net.ErrClosed) {
				r.t.Logf("recorder: %v", err)
			}
		})
	}
}

const (
	opReply = 1
	opQuery = 2004
	opMsg   = 2013
)

func (r *recorder) serve(c net.Conn) error {
	for {
		var head [16]byte
		if _, err := io.ReadFull(c, head[:]); err != nil {
			return err
		}
		body := make([]byte, binary.LittleEndian.Uint32(head[:])-16)
		if _, err := io.ReadFull(c, body); err != nil {
			return err
		}
		id, op := binary.LittleEndian.Uint32(head[4:]), binary.LittleEndian.Uint32(head[12:])
		doc, err := decode(op, body, r.light)
		if err != nil {
			return err
		}
		reply := r.take(command{doc[0].Key, doc, c.RemoteAddr().String()})
		if reply.cut {
			return nil
		}
		if err := respond(c, op, id, reply.reply); err != nil {
			return err
		}
	}
}

// decode reads the command of a message; light leaves the documents of its
// sequences empty.
func decode(op uint32, body []byte, light bool) (bson.D, error) {
	var doc bson.D
	if op == opQuery { // flags, "admin.$cmd\0", skip, limit, document
		at := 4 + bytes.IndexByte(body[4:], 0) + 1 + 8
		return doc, bson.Unmarshal(body[at:], &doc)
	}
	for at := 4; at < len(body); { // flag bits, then sections
		kind := body[at]
		size := int(binary.LittleEndian.Uint32(body[at+1:]))
		section := body[at+1 : at+1+size]
		at += 1 + size
		if kind == 0 {
			var main bson.D
			if err := bson.Unmarshal(section, &main); err != nil {
				return nil, err
			}
			doc = append(main, doc...)
			continue
		}
		name, docs, _ := bytes.Cut(section[4:], []byte{0})
		var list bson.A
		for len(docs) > 0 {
			n := binary.LittleEndian.Uint32(docs)
			var d bson.D
			if !light {
				if err := bson.Unmarshal(docs[:n], &d); err != nil {
					return nil, err
				}
			}
			list, docs = append(list, d), docs[n:]
		}
		doc = append(doc, bson.E{Key: string(name), Value: list})
	}
	return doc, nil
}

func respond(c net.Conn, op, to uint32, reply bson.D) error {
	doc, err := bson.Marshal(reply)
	if err != nil {
		return err
	}
	answerOp, prefix := uint32(opMsg), 5 // flag bits, section kind 0
	if op == opQuery {
		answerOp, prefix = opReply, 20 // flags, cursor, start, number of documents
	}
	message := make([]byte, 16+prefix, 16+prefix+len(doc))
	if op == opQuery {
		message[16+16] = 1
	}
	message = append(message, doc...)
	binary.LittleEndian.PutUint32(message, uint32(len(message)))
	binary.LittleEndian.PutUint32(message[8:], to)
	binary.LittleEndian.PutUint32(message[12:], answerOp)
	_, err = c.Write(message)
	return err
}

// take notes a command and finds its answer.
func (r *recorder) take(c command) answer {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.light {
		r.commands = append(r.commands, c)
	}
	if queue := r.answers[c.name]; len(queue) > 0 {
		r.answers[c.name] = queue[1:]
		return queue[0]
	}
	return answer{reply: r.usual(c)}
}

// usual is what a healthy, empty server answers.
func (r *recorder) usual(c command) bson.D {
	ok := bson.E{Key: "ok", Value: 1.0}
	switch c.name {
	case "hello", "isMaster", "ismaster":
		address := r.listener.Addr().String()
		return bson.D{
			ok,
			{Key: "helloOk", Value: true},
			{Key: "isWritablePrimary", Value: true},
			{Key: "ismaster", Value: true},
			{Key: "setName", Value: "rs0"},
			{Key: "setVersion", Value: 1},
			{Key: "hosts", Value: bson.A{address}},
			{Key: "me", Value: address},
			{Key: "primary", Value: address},
			{Key: "maxBsonObjectSize", Value: 16 << 20},
			{Key: "maxMessageSizeBytes", Value: 48000000},
			{Key: "maxWriteBatchSize", Value: 100000},
			{Key: "logicalSessionTimeoutMinutes", Value: 30},
			{Key: "minWireVersion", Value: 0},
			{Key: "maxWireVersion", Value: 21},
		}
	case "listIndexes":
		return failure(26, "NamespaceNotFound", "ns does not exist")
	case "find", "aggregate":
		return cursor()
	case "update":
		list, _ := get(c.body, "updates").(bson.A)
		upserted := bson.A{}
		for i := range list {
			upserted = append(upserted, bson.D{{Key: "index", Value: i}, {Key: "_id", Value: "x"}})
		}
		return bson.D{ok, {Key: "n", Value: len(list)}, {Key: "nModified", Value: 0}, {Key: "upserted", Value: upserted}}
	}
	return bson.D{ok, {Key: "n", Value: 0}}
}

func failure(code int, name, message string) bson.D {
	return bson.D{{Key: "ok", Value: 0.0}, {Key: "code", Value: code}, {Key: "codeName", Value: name}, {Key: "errmsg", Value: message}}
}

// cursor is a reply with those documents as its only batch.
func cursor(docs ...bson.D) bson.D {
	batch := bson.A{}
	for _, d := range docs {
		batch = append(batch, d)
	}
	return bson.D{{Key: "ok", Value: 1.0}, {Key: "cursor", Value: bson.D{
		{Key: "id", Value: int64(0)}, {Key: "ns", Value: "harvest.records"}, {Key: "firstBatch", Value: batch},
	}}}
}

// get follows a path of keys through documents; nil when it leads nowhere.
func get(v any, path ...string) any {
	for _, key := range path {
		d, ok := v.(bson.D)
		if !ok {
			return nil
		}
		v = nil
		for _, e := range d {
			if e.Key == key {
				v = e.Value
			}
		}
	}
	return v
}
