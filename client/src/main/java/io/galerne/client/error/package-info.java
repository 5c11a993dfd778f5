/// What the client throws. Everything is a [MistralException]; every answer of the server that is
/// not the one that was requested is an [ApiException], with a subclass for what programs tell apart.
@NullMarked
package io.galerne.client.error;

import org.jspecify.annotations.NullMarked;
