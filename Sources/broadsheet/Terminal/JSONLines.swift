import ArgumentParser
import Foundation

/// The flag of commands whose answer programs can read.
struct JSONOption: ParsableArguments {
    @Flag(name: .customLong("json"), help: "Print JSON: one object on a line for each thing.")
    var isOn = false
}

/// Values as lines of JSON.
enum JSONLines {
    static func show(_ value: some Encodable) throws {
        Terminal.pass(try line(value))
    }

    static func line(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .iso8601
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }
}
