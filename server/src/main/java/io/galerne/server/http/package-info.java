/// HTTP on sockets: reads requests, has the operation that one names answer it, and sends the reply.
/// Knows no operation. The public types are those that operations and the server's start need.
@NullMarked
package io.galerne.server.http;

import org.jspecify.annotations.NullMarked;
