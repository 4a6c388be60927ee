import Foundation
import Yams

/// Settings that stand in the environment, and count more than the file's.
///
///     BROADSHEET_COMPONENT__SERVER=192.0.2.1:5347
///
/// Two underscores part the names of a key, since one may be in them. What is in a list, as the
/// rooms, has no key of its own.
struct EnvironmentOverrides {
    private struct Override {
        let variable: String
        let path: [String]
        let text: String

        var key: String { path.joined(separator: ".") }

        /// The value, read as it would be in the file: a number, a list, a text.
        func value() throws -> Node {
            do {
                var value = try Yams.compose(yaml: text) ?? Node("")
                // Its place is in no file.
                value.scalar?.mark = nil
                return value
            } catch let error as YamlError {
                throw Unreadable(variable: variable, reason: error.sentence)
            }
        }

        /// Whether the problem is about a key above this one, which the override has made a group.
        func isBelow(_ problem: ConfigurationProblem) -> Bool {
            path.indices.dropFirst().contains {
                problem.message.contains("'\(path[..<$0].joined(separator: "."))'")
            }
        }
    }

    /// The value of a variable can't be understood.
    struct Unreadable: Error {
        let variable: String
        let reason: String
    }

    static let prefix = "BROADSHEET_"

    private let overrides: [Override]

    init(_ environment: [String: String] = [:]) {
        overrides = environment.sorted { $0.key < $1.key }.compactMap { variable, text in
            guard variable.hasPrefix(Self.prefix), variable.contains("__") else { return nil }
            let path = variable.dropFirst(Self.prefix.count).lowercased()
                .split(separator: "__", omittingEmptySubsequences: false)
            return Override(variable: variable, path: path.map(String.init), text: text)
        }
    }

    /// The variables that look as if they were a setting, and name none: `BROADSHEET___`.
    var nameless: [String] {
        overrides.filter { $0.path.contains("") }.map(\.variable)
    }

    /// The configuration with what the environment says.
    func applied(to node: Node) throws -> Node {
        try overrides.filter { !$0.path.contains("") }.reduce(node) { node, override in
            Self.setting(try override.value(), at: override.path[...], in: node)
        }
    }

    /// The problem, with the variable it comes from if it is about one.
    func explained(_ problem: ConfigurationProblem) -> ConfigurationProblem {
        let source =
            overrides.first { problem.message.contains("'\($0.key)'") }
            ?? overrides.first { $0.isBelow(problem) }
        guard let source else { return problem }
        return ConfigurationProblem(
            file: problem.file,
            line: 0,
            message: problem.message + " It is set by \(source.variable) in the environment."
        )
    }

    private static func setting(_ value: Node, at path: ArraySlice<String>, in node: Node) -> Node {
        guard let name = path.first else { return value }
        var mapping = node.mapping ?? [:]
        let below = mapping[name] ?? Node.mapping([:])
        mapping[name] = setting(value, at: path.dropFirst(), in: below)
        return .mapping(mapping)
    }
}
