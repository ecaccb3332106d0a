// Package fixes checks the edit that moves a deferred release. // want package:"analysed"
package fixes

import (
	"errors"
	"net"
)

func dial() error {
	conn, err := net.Dial("tcp", "peer:1") // want `conn is not closed when conn.RemoteAddr\(\) == nil \(line 15 returns first\)`
	if err != nil {
		return err
	}
	if conn.RemoteAddr() == nil {
		return errors.New("nowhere")
	}
	defer conn.Close()
	_, err = conn.Write(nil)
	return err
}

// deferred would run its deferred calls in another order.
func deferred(done func()) error {
	conn, err := net.Dial("tcp", "peer:1") // want `conn is not closed when conn.RemoteAddr\(\) == nil`
	if err != nil {
		return err
	}
	if conn.RemoteAddr() == nil {
		return errors.New("nowhere")
	}
	defer done()
	defer conn.Close()
	_, err = conn.Write(nil)
	return err
}
