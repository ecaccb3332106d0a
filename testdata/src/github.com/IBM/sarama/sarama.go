// Package sarama is a stub with the declarations of github.com/IBM/sarama.
package sarama

type ConsumerMessage struct{ Value []byte }

type ConsumerGroupSession interface{}

type ConsumerGroupClaim interface {
	Messages() <-chan *ConsumerMessage
}

type ConsumerGroupHandler interface {
	Setup(ConsumerGroupSession) error
	Cleanup(ConsumerGroupSession) error
	ConsumeClaim(ConsumerGroupSession, ConsumerGroupClaim) error
}
