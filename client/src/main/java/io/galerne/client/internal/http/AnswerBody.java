package io.galerne.client.internal.http;

/// The body of a response.
public sealed interface AnswerBody permits TextBody, StreamBody {}
