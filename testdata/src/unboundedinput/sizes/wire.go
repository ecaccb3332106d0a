// Package sizes is a library that decodes frames.
package sizes

import (
	"encoding/binary"
	"errors"
	"io"
)

const maxFrame = 1 << 20

var errTooLarge = errors.New("frame too large")

func ReadFrame(r io.Reader) ([]byte, error) {
	var length uint32
	if err := binary.Read(r, binary.BigEndian, &length); err != nil {
		return nil, err
	}
	buf := make([]byte, length) // want `make of a size that the (client|input) chooses \(binary.Read\) and nothing limits from above.* \[advice\]`
	_, err := io.ReadFull(r, buf)
	return buf, err
}

func ReadLimitedFrame(r io.Reader) ([]byte, error) {
	var length uint32
	if err := binary.Read(r, binary.BigEndian, &length); err != nil {
		return nil, err
	}
	if length > maxFrame {
		return nil, errTooLarge
	}
	buf := make([]byte, length) // not reported
	_, err := io.ReadFull(r, buf)
	return buf, err
}

func ReadMaskedFrame(r io.Reader) ([]byte, error) {
	var length uint32
	if err := binary.Read(r, binary.BigEndian, &length); err != nil {
		return nil, err
	}
	length &= 0xffffff
	buf := make([]byte, length) // not reported: at most 16 MiB
	_, err := io.ReadFull(r, buf)
	return buf, err
}

func ReadShortFrame(r io.Reader) ([]byte, error) {
	var length uint16
	if err := binary.Read(r, binary.BigEndian, &length); err != nil {
		return nil, err
	}
	buf := make([]byte, length) // not reported: at most 64 KiB
	_, err := io.ReadFull(r, buf)
	return buf, err
}

func Decode(b []byte) ([]uint64, error) {
	n, size := binary.Uvarint(b)
	if size <= 0 {
		return nil, errTooLarge
	}
	return make([]uint64, n), nil // want `make of a size .* \(binary.Uvarint\)`
}

func DecodeChecked(b []byte) ([]uint64, error) {
	n, size := binary.Uvarint(b)
	if size <= 0 || n > uint64(len(b)) {
		return nil, errTooLarge
	}
	return make([]uint64, n), nil // not reported: no more than there are bytes
}

// A varint put together by hand, two calls away.
type Protocol struct {
	in   io.ByteReader
	full io.Reader
}

func (p *Protocol) readByte() (byte, error) { return p.in.ReadByte() }

func (p *Protocol) readVarint() (int64, error) {
	var result int64
	for shift := uint(0); ; shift += 7 {
		b, err := p.readByte()
		if err != nil {
			return 0, err
		}
		result |= int64(b&0x7f) << shift
		if b&0x80 == 0 {
			return result, nil
		}
	}
}

func (p *Protocol) ReadString() (string, error) {
	n, err := p.readVarint()
	if err != nil || n < 0 {
		return "", errTooLarge
	}
	buf := make([]byte, n) // want `make of a size .* \(bytes of the input\)`
	_, err = io.ReadFull(p.full, buf)
	return string(buf), err
}

func checkSize(n int32, max int32) error {
	if n < 0 || n > max {
		return errTooLarge
	}
	return nil
}

func (p *Protocol) ReadCheckedString() (string, error) {
	n, err := p.readVarint()
	if err != nil {
		return "", err
	}
	if err := checkSize(int32(n), maxFrame); err != nil {
		return "", err
	}
	buf := make([]byte, n) // not reported: checkSize compares
	_, err = io.ReadFull(p.full, buf)
	return string(buf), err
}

// A header that is decoded in one place and used in another.
type header struct{ size, limited uint32 }

func parse(b []byte) header {
	h := header{size: binary.BigEndian.Uint32(b)}
	if n := binary.BigEndian.Uint32(b[4:]); n < maxFrame {
		h.limited = n
	}
	return h
}

func (h *header) Body() []byte    { return make([]byte, h.size) }    // want `make of a size .* \(\(binary.bigEndian\).Uint32\)`
func (h *header) Limited() []byte { return make([]byte, h.limited) } // not reported: compared where it is set

func Parse(b []byte) []byte {
	h := parse(b)
	return h.Body()
}

// Two bytes by hand, and four.
func ReadShort(b []byte) []byte { return make([]byte, int(b[0])<<8|int(b[1])) } // not reported: at most 64 KiB

func ReadLong(b []byte) []byte {
	return make([]byte, int(b[0])<<24|int(b[1])<<16|int(b[2])<<8|int(b[3])) // want `make of a size .* \(bytes of the input\)`
}
