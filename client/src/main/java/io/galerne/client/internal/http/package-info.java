/// Sends calls and receives responses. Not exported.
@NullMarked
package io.galerne.client.internal.http;

import org.jspecify.annotations.NullMarked;
