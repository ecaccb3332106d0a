//go:build ignore

package main

import (
	"context"
	"fmt"
	"net"
	"net/url"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	clientv3 "go.etcd.io/etcd/client/v3"
	"go.etcd.io/etcd/server/v3/embed"
	"go.uber.org/zap"
)

// client is connected to the server.
var client *clientv3.Client

// start runs a cluster of one member.
func start(dir string) (base string, err error) {
	cfg := embed.NewConfig()
	cfg.Dir = filepath.Join(dir, "etcd")
	cfg.ZapLoggerBuilder = embed.NewZapLoggerBuilder(zap.NewNop())
	var urls [2]url.URL
	for i := range urls {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return "", err
		}
		urls[i] = url.URL{Scheme: "http", Host: l.Addr().String()}
		l.Close()
	}
	cfg.ListenClientUrls, cfg.AdvertiseClientUrls = urls[:1], urls[:1]
	cfg.ListenPeerUrls, cfg.AdvertisePeerUrls = urls[1:], urls[1:]
	cfg.InitialCluster = cfg.InitialClusterFromName(cfg.Name)
	server, err := embed.StartEtcd(cfg)
	if err != nil {
		return "", err
	}
	select {
	case <-server.Server.ReadyNotify():
	case <-time.After(time.Minute):
		return "", fmt.Errorf("the server is not ready after a minute")
	}
	client, err = clientv3.New(clientv3.Config{Endpoints: []string{urls[0].Host}, Logger: zap.NewNop()})
	return urls[0].String(), err
}

var count atomic.Int64

// key returns one of a hundred keys.
func key() string { return "key/" + strconv.Itoa(int(count.Add(1)%100)) }

// requests calls the services that programs use most, and the HTTP pages.
func requests() []request {
	value := strings.Repeat("v", 256)
	calls := []func(ctx context.Context) error{
		func(ctx context.Context) error { _, err := client.Put(ctx, key(), value); return err },
		func(ctx context.Context) error {
			_, err := client.Put(ctx, key(), value, clientv3.WithPrevKV())
			return err
		},
		func(ctx context.Context) error { _, err := client.Get(ctx, key()); return err },
		func(ctx context.Context) error {
			_, err := client.Get(ctx, key(), clientv3.WithSerializable())
			return err
		},
		func(ctx context.Context) error {
			_, err := client.Get(ctx, "key/", clientv3.WithPrefix(), clientv3.WithLimit(10))
			return err
		},
		func(ctx context.Context) error {
			_, err := client.Get(ctx, "key/", clientv3.WithPrefix(), clientv3.WithCountOnly())
			return err
		},
		func(ctx context.Context) error {
			_, err := client.Get(ctx, "key/", clientv3.WithPrefix(), clientv3.WithSort(clientv3.SortByKey, clientv3.SortDescend))
			return err
		},
		func(ctx context.Context) error { _, err := client.Delete(ctx, key()); return err },
		func(ctx context.Context) error {
			k := key()
			_, err := client.Txn(ctx).If(clientv3.Compare(clientv3.Version(k), ">", 0)).
				Then(clientv3.OpPut(k, value)).Else(clientv3.OpGet(k), clientv3.OpPut(k, "first")).Commit()
			return err
		},
		func(ctx context.Context) error {
			lease, err := client.Grant(ctx, 60)
			if err != nil {
				return err
			}
			if _, err := client.Put(ctx, key(), value, clientv3.WithLease(lease.ID)); err != nil {
				return err
			}
			if _, err := client.KeepAliveOnce(ctx, lease.ID); err != nil {
				return err
			}
			if _, err := client.TimeToLive(ctx, lease.ID, clientv3.WithAttachedKeys()); err != nil {
				return err
			}
			_, err = client.Revoke(ctx, lease.ID)
			return err
		},
		watch,
		func(ctx context.Context) error { _, err := client.MemberList(ctx); return err },
		func(ctx context.Context) error { _, err := client.Status(ctx, client.Endpoints()[0]); return err },
		func(ctx context.Context) error { _, err := client.AlarmList(ctx); return err },
		func(ctx context.Context) error { _, err := client.HashKV(ctx, client.Endpoints()[0], 0); return err },
	}
	var all []request
	for i, call := range calls {
		all = append(all, request{method: "call", path: strconv.Itoa(i), do: func(string) error {
			ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
			defer cancel()
			return call(ctx)
		}})
	}
	for _, path := range strings.Fields("/health /livez /readyz /version") {
		all = append(all, request{method: "GET", path: path})
	}
	return all
}

// watch waits for one event.
func watch(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	k := key()
	events := client.Watch(ctx, k, clientv3.WithCreatedNotify())
	if created := <-events; !created.Created {
		return fmt.Errorf("no watch: %v", created.Err())
	}
	if _, err := client.Put(ctx, k, "seen"); err != nil {
		return err
	}
	event := <-events
	return event.Err()
}
