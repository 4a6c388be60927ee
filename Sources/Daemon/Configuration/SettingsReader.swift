import Foundation
import Spelling
import XMPP
import Yams

/// A key that can stand in the configuration.
package struct KnownKey: Hashable, Sendable {
    /// `component.jid`; `NAME` stands for a name the operator chooses.
    package let path: String
    /// The default as it would be written; nil if the key has to be there, or may be left out.
    package let standard: String?
}

/// Reads a mapping of the configuration key by key, and knows in the end which keys it was not
/// asked for.
///
/// Nothing is thrown on the way: every problem is noted with its line, a default is handed out
/// instead, and the file is refused in the end with all its problems at once.
final class SettingsReader {
    /// What all readers of one file share.
    final class Record {
        let file: URL
        /// Whether the component's secret is read at all.
        var needsSecret = true
        /// The folder of systemd's credentials (systemd.exec(5)), if there is one.
        var credentials: URL?
        /// What stands in the environment.
        var overrides = EnvironmentOverrides()
        var problems: [ConfigurationProblem] = []
        /// What does not stop the service.
        var warnings: [ConfigurationProblem] = []
        /// Every key that was asked for a value, in that order.
        var known: [KnownKey] = []
        /// What the file says of each key that was asked for a value, one text each time; empty if it
        /// says nothing.
        var values: [String: [String]] = [:]

        init(file: URL) {
            self.file = file
        }
    }

    let record: Record
    private let path: String
    private let line: Int
    private let mapping: Node.Mapping
    private var asked: [String] = []

    /// A reader of the node, which has to be a mapping or empty.
    init(_ node: Node, path: String, record: Record) {
        self.record = record
        self.path = path
        line = node.mark?.line ?? 0
        if let mapping = node.mapping {
            self.mapping = mapping
        } else {
            mapping = [:]
            if node.null == nil {
                note("'\(path)' should hold keys and values.", at: line)
            }
        }
    }

    // MARK: - Single values

    func string(_ key: String, default standard: String? = nil) -> String? {
        guard let node = value(key, standard: standard) else { return standard }
        guard let string = node.scalar?.string else {
            note("'\(full(key))' should be a text.", at: node.mark?.line)
            return standard
        }
        return string
    }

    /// A text that has to be there; empty if it is not, which is noted.
    func required(_ key: String) -> String {
        guard let string = string(key), !string.isEmpty else {
            if !isNoted(key) { noteMissing(key) }
            return ""
        }
        return string
    }

    func integer(_ key: String, default standard: Int, in range: ClosedRange<Int>) -> Int {
        guard let node = value(key, standard: String(standard)) else { return standard }
        guard let number = node.int, range.contains(number) else {
            note(
                "'\(full(key))' should be a whole number from \(range.lowerBound) "
                    + "to \(range.upperBound).",
                at: node.mark?.line
            )
            return standard
        }
        return number
    }

    func boolean(_ key: String, default standard: Bool) -> Bool {
        guard let node = value(key, standard: String(standard)) else { return standard }
        guard let value = node.bool else {
            note("'\(full(key))' should be true or false.", at: node.mark?.line)
            return standard
        }
        return value
    }

    /// A time span, in seconds; fractions are allowed.
    func seconds(_ key: String, default standard: Duration) -> Duration {
        let text = "\(Int(standard / .seconds(1)))"
        guard let node = value(key, standard: text) else { return standard }
        guard let number = node.float, number >= 0, number < 1e7 else {
            note("'\(full(key))' should be a number of seconds.", at: node.mark?.line)
            return standard
        }
        return .milliseconds(Int(number * 1000))
    }

    func choice<Value: RawRepresentable<String> & CaseIterable>(
        _ key: String,
        default standard: Value
    ) -> Value {
        guard let node = value(key, standard: standard.rawValue) else { return standard }
        return choice(node, at: full(key)) ?? standard
    }

    /// The address of the key, which has to be there.
    func address(_ key: String) -> JID? {
        let text = required(key)
        guard !text.isEmpty else { return nil }
        return address(text, at: full(key), line: mapping[key]?.mark?.line)
    }

    /// A path, relative to the configuration file.
    func file(_ key: String, default standard: String) -> URL {
        resolve(string(key, default: standard) ?? standard)
    }

    /// A path that may be left out, relative to the configuration file.
    func optionalFile(_ key: String) -> URL? {
        string(key).map(resolve)
    }

    /// A path that has to be there, relative to the configuration file; nil if it is not.
    func requiredFile(_ key: String) -> URL? {
        let path = required(key)
        return path.isEmpty ? nil : resolve(path)
    }

    /// The folder of the configuration file.
    var folder: URL { record.file.deletingLastPathComponent() }

    private func resolve(_ path: String) -> URL {
        URL(filePath: path, relativeTo: folder).absoluteURL
    }

    /// A list of texts; nil as the default stands for one that depends on other keys.
    func strings(_ key: String, default standard: [String]?) -> [String]? {
        let text = standard.map { "[\($0.joined(separator: ", "))]" }
        guard let node = value(key, standard: text) else { return standard }
        guard let sequence = node.sequence else {
            note("'\(full(key))' should be a list.", at: node.mark?.line)
            return standard
        }
        return sequence.compactMap { element in
            if element.scalar == nil {
                note("'\(full(key))' should be a list of texts.", at: element.mark?.line)
            }
            return element.scalar?.string
        }
    }

    // MARK: - Groups of values

    /// The keys below this one; every key has its default if it is missing.
    func section<Value>(_ key: String, _ read: (SettingsReader) -> Value) -> Value {
        let node = group(key) ?? Node.mapping([:])
        return Self.read(node, path: full(key), record: record, read)
    }

    /// A mapping whose keys are names the operator chose.
    func named<Value>(_ key: String, _ read: (String, SettingsReader) -> Value) -> [Value] {
        guard let node = group(key) else { return [] }
        guard let mapping = node.mapping else {
            note("'\(full(key))' should hold names and what belongs to them.", at: node.mark?.line)
            return []
        }
        return mapping.map { name, node in
            let name = name.scalar?.string ?? ""
            return Self.read(node, path: "\(full(key)).\(name)", record: record) {
                read(name, $0)
            }
        }
    }

    func list<Value>(_ key: String, _ read: (SettingsReader) -> Value) -> [Value] {
        guard let node = group(key) else { return [] }
        guard let sequence = node.sequence else {
            note("'\(full(key))' should be a list.", at: node.mark?.line)
            return []
        }
        return sequence.map { Self.read($0, path: full(key), record: record, read) }
    }

    /// A mapping from names the operator chose to texts.
    func strings(_ key: String) -> [String: String] {
        guard let node = value(key, standard: "{}") else { return [:] }
        guard let mapping = node.mapping else {
            note("'\(full(key))' should hold names and values.", at: node.mark?.line)
            return [:]
        }
        var texts: [String: String] = [:]
        for (name, node) in mapping {
            guard let name = name.scalar?.string, let text = node.scalar?.string else {
                note("'\(full(key))' should hold texts.", at: node.mark?.line)
                continue
            }
            texts[name] = text
        }
        return texts
    }

    /// A mapping from names the operator chose to one of a few words.
    func choices<Value: RawRepresentable<String> & CaseIterable>(
        _ key: String,
        of type: Value.Type
    ) -> [(name: String, line: Int?, value: Value)] {
        guard let node = value(key, standard: "{}") else { return [] }
        guard let mapping = node.mapping else {
            note("'\(full(key))' should hold names and values.", at: node.mark?.line)
            return []
        }
        return mapping.compactMap { name, node -> (name: String, line: Int?, value: Value)? in
            let name = name.scalar?.string ?? ""
            guard let value: Value = choice(node, at: "\(full(key)).\(name)") else { return nil }
            return (name, node.mark?.line, value)
        }
    }

    // MARK: - Problems

    func note(_ message: String, key: String) {
        note(message, at: mapping[key]?.mark?.line)
    }

    func note(_ message: String, at line: Int?) {
        record.problems.append(problem(message, at: line))
    }

    /// Notes what is allowed but had better be otherwise.
    func warn(_ message: String, key: String) {
        record.warnings.append(problem(message, at: mapping[key]?.mark?.line))
    }

    private func problem(_ message: String, at line: Int?) -> ConfigurationProblem {
        ConfigurationProblem(
            file: record.file.lastPathComponent,
            line: line ?? self.line,
            message: message
        )
    }

    func address(_ text: String, at path: String, line: Int?) -> JID? {
        do {
            return try JID(text)
        } catch {
            note("'\(path)' is not an XMPP address: \(error)", at: line)
            return nil
        }
    }

    private func noteMissing(_ key: String) {
        note("'\(full(key))' is missing; it has no default.", at: line)
    }

    private func isNoted(_ key: String) -> Bool {
        record.problems.contains { $0.message.hasPrefix("'\(full(key))'") }
    }

    private func noteUnknownKeys() {
        for (key, _) in mapping {
            let name = key.scalar?.string ?? ""
            guard !asked.contains(name) else { continue }
            let nearest = NearestName.to(name, among: asked)
            let advice = nearest.map { "; did you mean '\(full($0))'?" } ?? "."
            note("There is no key '\(full(name))'" + advice, at: key.mark?.line)
        }
    }

    // MARK: -

    static func read<Value>(
        _ node: Node,
        path: String,
        record: Record,
        _ read: (SettingsReader) -> Value
    ) -> Value {
        let reader = SettingsReader(node, path: path, record: record)
        defer { reader.noteUnknownKeys() }
        return read(reader)
    }

    /// The value of a key, which is noted as known with its default.
    private func value(_ key: String, standard: String?) -> Node? {
        let known = KnownKey(path: full(key), standard: standard)
        if !record.known.contains(known) { record.known.append(known) }
        let node = group(key)
        let text = node.flatMap { try? Yams.serialize(node: $0) } ?? ""
        record.values[full(key), default: []].append(text)
        return node
    }

    private func group(_ key: String) -> Node? {
        asked.append(key)
        guard let node = mapping[key], node.null == nil else { return nil }
        return node
    }

    private func choice<Value: RawRepresentable<String> & CaseIterable>(
        _ node: Node,
        at path: String
    ) -> Value? {
        if let value = node.scalar.flatMap({ Value(rawValue: $0.string) }) { return value }
        let all = Value.allCases.map(\.rawValue).joined(separator: ", ")
        note("'\(path)' should be one of: \(all).", at: node.mark?.line)
        return nil
    }

    private func full(_ key: String) -> String {
        path.isEmpty ? key : "\(path).\(key)"
    }
}
