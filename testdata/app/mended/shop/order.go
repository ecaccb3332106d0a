package shop

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash"
	"hash/crc32"
	"io"
	"net/http"
	"strconv"

	"example.com/app/mended/session"
	"example.com/app/mended/web"
)

type orderLine struct {
	ID    string `json:"id"`
	Count int    `json:"count"`
}

// order adds up an order and answers with a receipt.
func (s *server) order(w http.ResponseWriter, r *http.Request) error {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxOrder))
	if err != nil {
		return &web.Error{Status: http.StatusBadRequest, Text: "bad order"}
	}
	var lines []orderLine
	if err := json.Unmarshal(body, &lines); err != nil {
		return &web.Error{Status: http.StatusBadRequest, Text: "bad order"}
	}
	var receipt bytes.Buffer
	if user := session.User(r); user != "" {
		receipt.WriteString("for ")
		receipt.WriteString(user)
		receipt.WriteByte('\n')
	}
	total := 0
	for _, line := range lines {
		item, ok := s.catalog.Find(line.ID)
		if !ok {
			return &web.Error{Status: http.StatusBadRequest, Text: "no such item"}
		}
		total += item.Cents * line.Count
		receipt.WriteString(item.Name)
		receipt.WriteString(" x ")
		receipt.Write(strconv.AppendInt(receipt.AvailableBuffer(), int64(line.Count), 10))
		receipt.WriteByte('\n')
	}
	receipt.WriteString("total ")
	receipt.WriteString(euros(total))
	receipt.WriteByte('\n')
	_, err = w.Write(receipt.Bytes())
	return err
}

const (
	headSize = 512       // what decides the kind of a picture
	copySize = 256 << 10 // how much is read at once
)

// picture takes in a picture and answers with its kind and checksum.
func (s *server) picture(w http.ResponseWriter, r *http.Request) error {
	body := http.MaxBytesReader(w, r.Body, maxPicture)
	buf := s.copies.Get().(*[copySize]byte)
	defer s.copies.Put(buf)
	n, err := io.ReadFull(body, buf[:headSize])
	if err != nil && err != io.ErrUnexpectedEOF {
		return &web.Error{Status: http.StatusBadRequest, Text: "no picture"}
	}
	kind := http.DetectContentType(buf[:n])

	sum := newChecksum(r.Header.Get("X-Checksum"))
	sum.Write(buf[:n])
	if _, err := io.CopyBuffer(sum, body, buf[:]); err != nil {
		return fmt.Errorf("reading the picture: %w", err)
	}
	size := binary.BigEndian.AppendUint64(buf[:0], uint64(r.ContentLength))
	sum.Write(size)
	_, err = io.WriteString(w, kind+" "+hex.EncodeToString(sum.Sum(buf[:0]))+"\n")
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
