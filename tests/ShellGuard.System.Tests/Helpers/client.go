// HOST PORT: connects by name and prints what the server says, 50 times at once.
package main

import (
	"fmt"
	"io"
	"net"
	"os"
	"sync"
)

func main() {
	var all sync.WaitGroup
	failed := make(chan error, 50)
	texts := make(chan string, 50)
	for i := 0; i < 50; i++ {
		all.Add(1)
		go func() {
			defer all.Done()
			connection, err := net.Dial("tcp", net.JoinHostPort(os.Args[1], os.Args[2]))
			if err != nil {
				failed <- err
				return
			}
			defer connection.Close()
			text, err := io.ReadAll(connection)
			if err != nil {
				failed <- err
				return
			}
			texts <- string(text)
		}()
	}
	all.Wait()
	close(failed)
	close(texts)
	for err := range failed {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(4)
	}
	for text := range texts {
		fmt.Print(text)
	}
}
