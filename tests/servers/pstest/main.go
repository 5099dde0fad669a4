// Google's in-memory Pub/Sub server for the tests: pstest PORT (0: any free one). Prints its address, serves until killed.
package main

import (
	"fmt"
	"log"
	"os"
	"strconv"

	"cloud.google.com/go/pubsub/v2/pstest"
)

func main() {
	if len(os.Args) != 2 {
		log.Fatal("usage: pstest PORT")
	}
	port, err := strconv.Atoi(os.Args[1])
	if err != nil {
		log.Fatalf("%q is no port", os.Args[1])
	}
	server := pstest.NewServerWithAddress(fmt.Sprintf("127.0.0.1:%d", port))
	fmt.Println(server.Addr)
	select {}
}
