/// The client's exceptions. All are [MistralException]s; every error response of the server is an
/// [ApiException], with subclasses for the statuses that programs distinguish.
@NullMarked
package io.galerne.client.error;

import org.jspecify.annotations.NullMarked;
