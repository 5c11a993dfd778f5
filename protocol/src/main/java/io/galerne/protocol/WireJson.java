package io.galerne.protocol;

import com.fasterxml.jackson.annotation.JacksonAnnotationsInside;
import io.galerne.protocol.jackson.Jackson2Reader;
import io.galerne.protocol.jackson.Jackson2Writer;
import io.galerne.protocol.jackson.Jackson3Reader;
import io.galerne.protocol.jackson.Jackson3Writer;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Marks a type that carries wire JSON. Any Jackson 2 or 3, however configured, serialises it as
/// that JSON and deserialises it.
///
/// Jackson 2 is optional: the JVM ignores annotations whose class is missing. The types carry only
/// this annotation, so compilers see no missing ones either, and do not warn.
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@JacksonAnnotationsInside
@tools.jackson.databind.annotation.JsonSerialize(using = Jackson3Writer.class)
@tools.jackson.databind.annotation.JsonDeserialize(using = Jackson3Reader.class)
@com.fasterxml.jackson.databind.annotation.JsonSerialize(using = Jackson2Writer.class)
@com.fasterxml.jackson.databind.annotation.JsonDeserialize(using = Jackson2Reader.class)
@interface WireJson {}
