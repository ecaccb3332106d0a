package lsp

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/textproto"
	"strconv"
	"sync"
)

// A frame is one message of the base protocol as it was read, so that it
// can be passed on without a byte changed. The libraries for JSON-RPC
// decode a message when they read it and write a header of their own.
type frame struct {
	raw  []byte // header, empty line and body
	body []byte // the end of raw
}

// newFrame returns the frame of a message that heapvet itself writes.
func newFrame(body []byte) frame {
	raw := fmt.Appendf(nil, "Content-Length: %d\r\n\r\n", len(body))
	raw = append(raw, body...)
	return frame{raw: raw, body: raw[len(raw)-len(body):]}
}

// errCut tells that input ended within the body of a frame: its writer was
// killed, say.
var errCut = errors.New("reading a message: its end is missing")

// readFrame reads the next frame of r. After an error of another kind than
// io.EOF, raw holds what was read: it was not a frame.
func readFrame(r *bufio.Reader) (frame, error) {
	const maxHeader = 64 << 10 // a limit against input that is no header at all
	var header []byte
	for {
		line, err := r.ReadSlice('\n')
		header = append(header, line...)
		switch {
		case err == io.EOF && len(header) > 0:
			return frame{raw: header}, io.ErrUnexpectedEOF
		case err != nil && err != bufio.ErrBufferFull:
			return frame{raw: header}, err
		case len(header) > maxHeader:
			return frame{raw: header}, fmt.Errorf("reading a message: no header in %d bytes", maxHeader)
		}
		if err == nil && len(bytes.TrimRight(line, "\r\n")) == 0 {
			break
		}
	}
	fields, err := textproto.NewReader(bufio.NewReader(bytes.NewReader(header))).ReadMIMEHeader()
	if err != nil {
		return frame{raw: header}, fmt.Errorf("reading a message's header: %w", err)
	}
	n, err := strconv.ParseUint(fields.Get("Content-Length"), 10, 31)
	if err != nil {
		return frame{raw: header}, fmt.Errorf("reading a message's header: Content-Length: %w", err)
	}
	raw := append(header, make([]byte, n)...)
	if got, err := io.ReadFull(r, raw[len(header):]); err != nil {
		return frame{raw: raw[:len(header)+got]}, errCut
	}
	return frame{raw: raw, body: raw[len(header):]}, nil
}

// A frameWriter writes whole frames for several goroutines.
type frameWriter struct {
	mu sync.Mutex
	w  io.Writer
}

// write writes one frame.
func (w *frameWriter) write(f frame) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	_, err := w.w.Write(f.raw)
	return err
}
