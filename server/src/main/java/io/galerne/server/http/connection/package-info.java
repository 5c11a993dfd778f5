/// HTTP/1.1 and HTTP/2 on sockets: reads requests, has operations answer them and sends the
/// replies.
@NullMarked
package io.galerne.server.http.connection;

import org.jspecify.annotations.NullMarked;
