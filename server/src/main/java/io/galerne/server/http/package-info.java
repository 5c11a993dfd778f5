/// The contract over HTTP: one class an operation, and what carries them.
@NullMarked
package io.galerne.server.http;

import org.jspecify.annotations.NullMarked;
