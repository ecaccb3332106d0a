package shop

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"hash"
	"hash/crc32"
	"io"
	"net/http"

	"example.com/app/leaky/session"
	"example.com/app/leaky/web"
)

type orderLine struct {
	ID    string `json:"id"`
	Count int    `json:"count"`
}

// order adds up an order and answers with a receipt.
func (s *server) order(w http.ResponseWriter, r *http.Request) error {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return fmt.Errorf("reading the order: %w", err)
	}
	var lines []orderLine
	if err := json.Unmarshal(body, &lines); err != nil {
		return &web.Error{Status: http.StatusBadRequest, Text: "bad order"}
	}
	var receipt bytes.Buffer
	if user := session.User(r); user != "" {
		fmt.Fprintf(&receipt, "for %s\n", user)
	}
	total := 0
	for _, line := range lines {
		item, ok := s.catalog.Find(line.ID)
		if !ok {
			return &web.Error{Status: http.StatusBadRequest, Text: "no such item"}
		}
		total += item.Cents * line.Count
		fmt.Fprintf(&receipt, "%s x %d\n", item.Name, line.Count)
	}
	fmt.Fprintf(&receipt, "total %s\n", euros(total))
	_, err = w.Write([]byte(receipt.String()))
	return err
}

// picture takes in a picture and answers with its kind and checksum.
func (s *server) picture(w http.ResponseWriter, r *http.Request) error {
	var head [512]byte
	n, err := io.ReadFull(r.Body, head[:])
	if err != nil && err != io.ErrUnexpectedEOF {
		return &web.Error{Status: http.StatusBadRequest, Text: "no picture"}
	}
	kind := http.DetectContentType(head[:n])

	sum := newChecksum(r.Header.Get("X-Checksum"))
	sum.Write(head[:n])
	if _, err := io.CopyBuffer(sum, r.Body, make([]byte, 256<<10)); err != nil {
		return fmt.Errorf("reading the picture: %w", err)
	}
	var size [8]byte
	binary.BigEndian.PutUint64(size[:], uint64(r.ContentLength))
	sum.Write(size[:])
	_, err = w.Write([]byte(fmt.Sprintf("%s %x\n", kind, sum.Sum(nil))))
	return err
}

// newChecksum returns the hash of the given name, CRC-32 by default.
func newChecksum(name string) hash.Hash {
	switch name {
	case "castagnoli":
		return crc32.New(crc32.MakeTable(crc32.Castagnoli))
	default:
		return crc32.NewIEEE()
	}
}
