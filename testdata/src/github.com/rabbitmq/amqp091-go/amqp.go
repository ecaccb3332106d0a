// Package amqp091 is a stub with the declarations of github.com/rabbitmq/amqp091-go.
package amqp091

type Delivery struct{ Body []byte }

type Channel struct{}

func (ch *Channel) Consume(queue, consumer string, autoAck, exclusive, noLocal, noWait bool, args map[string]any) (<-chan Delivery, error) {
	return nil, nil
}
