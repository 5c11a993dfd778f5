/// Encoded payloads: decrypts, decompresses and fetches what workers encoded, and encodes what is
/// published, just as the official Python client does. [PayloadDecoder] and [PayloadEncoder] are
/// where to begin.
///
/// Two libraries are optional, and only touched where they are needed: `com.github.luben:zstd-jni`
/// for compressed payloads, and `software.amazon.awssdk:s3` for an [S3PayloadStore].
@NullMarked
package io.galerne.client.payload;

import org.jspecify.annotations.NullMarked;
