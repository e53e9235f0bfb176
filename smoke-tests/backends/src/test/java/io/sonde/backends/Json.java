package io.sonde.backends;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonParser;

/** What a server answered. */
final class Json {
  private Json() {}

  /** The part of an answer at this path of names; an empty list where there is none. */
  static JsonElement at(String answer, String... path) {
    JsonElement at = JsonParser.parseString(answer);
    for (String name : path) {
      if (at.isJsonObject() && at.getAsJsonObject().has(name)) {
        at = at.getAsJsonObject().get(name);
      } else {
        return new JsonArray();
      }
    }
    return at.isJsonNull() ? new JsonArray() : at;
  }

  /** A text in an object, empty where it is not there. */
  static String text(JsonElement object, String name) {
    JsonElement value = object.getAsJsonObject().get(name);
    return value == null || value.isJsonNull() ? "" : value.getAsString();
  }
}
