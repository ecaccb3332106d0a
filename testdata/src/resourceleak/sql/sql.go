// Package sql checks what the pools of databases hand out, processes and iterators. // want package:"analysed"
package sql

import (
	"context"
	"database/sql"
	"errors"
	"iter"
	"os/exec"
)

// A Pool queries.
type Pool interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// A Store has a database.
type Store struct {
	db   *sql.DB
	pool Pool
}

// Names reads all names.
func (s *Store) Names() ([]string, error) {
	rows, err := s.db.Query("select name from t")
	if err != nil {
		return nil, err
	}
	var names []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			rows.Close()
			return nil, err
		}
		names = append(names, name)
	}
	return names, rows.Err() // read to the end
}

// First reads one.
func (s *Store) First() (string, error) {
	rows, err := s.db.Query("select name from t") // want `rows is not closed when err != nil \(line 50 returns first\): it holds a connection of the pool; defer rows.Close\(\) right after the error check \[advice\]`
	if err != nil {
		return "", err
	}
	var name string
	for rows.Next() {
		if err := rows.Scan(&name); err != nil {
			return "", err
		}
	}
	return name, rows.Err()
}

// Scan lets scan read the rows.
func (s *Store) Scan(scan func(*sql.Rows)) error {
	rows, err := s.pool.QueryContext(context.Background(), "select name from t") // want `rows is not closed when scan panics \(line 62\): it holds a connection of the pool; defer rows.Close\(\) right after the error check \[advice\]`
	if err != nil {
		return err
	}
	scan(rows)
	return rows.Close()
}

// ScanDeferred closes them whatever happens.
func (s *Store) ScanDeferred(scan func(*sql.Rows)) error {
	rows, err := s.pool.QueryContext(context.Background(), "select name from t")
	if err != nil {
		return err
	}
	defer rows.Close()
	scan(rows)
	return rows.Err()
}

// Rename forgets the transaction.
func (s *Store) Rename(from, to string) error {
	tx, err := s.db.Begin() // want `tx is not committed or rolled back when from == to \(line 84 returns first\): it holds a connection of the pool and its locks; defer tx.Rollback\(\) right after the error check \[advice\]`
	if err != nil {
		return err
	}
	if from == to {
		return errors.New("same name")
	}
	if _, err := tx.Exec("update t set name = ? where name = ?", to, from); err != nil {
		tx.Rollback()
		return err
	}
	return tx.Commit()
}

// Renamed does not.
func (s *Store) Renamed(from, to string) error {
	tx, err := s.db.Begin()
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if from == to {
		return errors.New("same name")
	}
	if _, err := tx.Exec("update t set name = ? where name = ?", to, from); err != nil {
		return err
	}
	return tx.Commit()
}

// Opened opens a database for one query.
func Opened(name string) (int, error) {
	db, err := sql.Open("driver", name) // want `db is never closed: it keeps its connections and a goroutine; defer db.Close\(\) right after the error check \[advice\]`
	if err != nil {
		return 0, err
	}
	var n int
	err = db.QueryRow("select 1").Scan(&n)
	return n, err
}

// Run does not wait.
func Run(name string) error {
	cmd := exec.Command(name)
	if err := cmd.Start(); err != nil { // want `cmd is never waited for: it stays a zombie with its pipes and goroutines; defer cmd.Wait\(\) right after the error check \[advice\]`
		return err
	}
	return nil
}

// RunAll waits.
func RunAll(name string) error {
	cmd := exec.Command(name)
	if err := cmd.Start(); err != nil {
		return err
	}
	return cmd.Wait()
}

// Head leaves the iterator when it has what it wants.
func Head(seq iter.Seq[int]) int {
	next, stop := iter.Pull(seq) // want `stop is not called when n > 0 \(line 147 returns first\): it keeps the iterator's goroutine; defer stop\(\) \[advice\]`
	for {
		n, ok := next()
		if !ok {
			return 0
		}
		if n > 0 {
			return n
		}
		if n < 0 {
			stop()
			return n
		}
	}
}
