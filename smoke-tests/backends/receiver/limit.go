package main

import (
	"fmt"
	"sync"
	"time"
)

// What a server takes of one tenant, in bytes before compression.
const (
	perSecond = 4 << 20
	burst     = 2 << 20
)

// A limit never lets pass what is more than a server takes at once.
type limit struct {
	mutex sync.Mutex
	room  float64
	then  time.Time
}

func (l *limit) take(arrived []*arrival) error {
	bytes := 0
	for _, each := range arrived {
		bytes += each.bytes
	}
	l.mutex.Lock()
	defer l.mutex.Unlock()
	now := time.Now()
	l.room = min(burst, l.room+now.Sub(l.then).Seconds()*perSecond)
	l.then = now
	if float64(bytes) > l.room {
		return fmt.Errorf("push rate limit (%d) exceeded while adding %d bytes", perSecond, bytes)
	}
	l.room -= float64(bytes)
	return nil
}
