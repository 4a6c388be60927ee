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
    }

    static let prefix = "BROADSHEET_"

    private let overrides: [Override]

    init(_ environment: [String: String] = [:]) {
        overrides = environment.sorted { $0.key < $1.key }.compactMap { variable, text in
            guard variable.hasPrefix(Self.prefix), variable.contains("__") else { return nil }
            let path = variable.dropFirst(Self.prefix.count).lowercased().split(separator: "__")
            return Override(variable: variable, path: path.map(String.init), text: text)
        }
    }

    /// The configuration with what the environment says.
    func applied(to node: Node) throws -> Node {
        try overrides.reduce(node) { node, override in
            // As it would be written in the file: a number, a list, a text.
            var value = try Yams.compose(yaml: override.text) ?? Node("")
            // Its place is in no file.
            value.scalar?.mark = nil
            return Self.setting(value, at: override.path[...], in: node)
        }
    }

    /// The problem, with the variable it comes from if it is about one.
    func explained(_ problem: ConfigurationProblem) -> ConfigurationProblem {
        guard let source = overrides.first(where: { problem.message.contains("'\($0.key)'") })
        else { return problem }
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
