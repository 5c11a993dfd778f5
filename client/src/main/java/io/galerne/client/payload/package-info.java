/// Encoded payloads: decrypts, decompresses and fetches the payloads of workers, and encodes
/// payloads to publish, as the official Python client does. Start with [PayloadDecoder] and
/// [PayloadEncoder].
///
/// Two libraries are optional and loaded only if needed: `com.github.luben:zstd-jni` for compressed
/// payloads, and `software.amazon.awssdk:s3` for an [S3PayloadStore].
@NullMarked
package io.galerne.client.payload;

import org.jspecify.annotations.NullMarked;
