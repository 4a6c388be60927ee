public import Foundation
import Yams

extension Configuration {
    /// Reads and checks a configuration file.
    ///
    /// The secret is taken from `credentials`, where systemd has put it, or from the file that the
    /// configuration names. What ``EnvironmentOverrides`` finds in `environment` counts more than the
    /// file. Without `withSecret` it is not looked for, and empty.
    ///
    /// - Throws: ``ConfigurationError`` with everything that is wrong with it.
    public init(
        file: URL,
        withSecret: Bool = true,
        credentials: URL? = ProcessInfo.processInfo.environment["CREDENTIALS_DIRECTORY"].map {
            URL(filePath: $0)
        },
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws {
        let record = SettingsReader.Record(file: file)
        record.needsSecret = withSecret
        record.credentials = credentials
        record.overrides = EnvironmentOverrides(environment)
        let configuration = try Self.read(record: record)
        guard record.problems.isEmpty, let configuration else {
            let problems = record.problems.map(record.overrides.explained)
            throw ConfigurationError(problems: problems.sorted { $0.line < $1.line })
        }
        self = configuration
        warnings = record.warnings.sorted { $0.line < $1.line }
        written = record.values
    }

    /// Every key there is, in the order in which they are read.
    package static func knownKeys() -> [KnownKey] {
        let sample = """
            newsletters: {NAME: {}}
            rooms: [{}]
            """
        let record = SettingsReader.Record(file: URL(filePath: "/sample.yaml"))
        _ = try? read(text: sample, record: record)
        return record.known
    }

    private static func read(record: SettingsReader.Record) throws -> Configuration? {
        let text: String
        do {
            text = try String(contentsOf: record.file, encoding: .utf8)
        } catch {
            throw ConfigurationError(problems: [
                ConfigurationProblem(
                    file: record.file.path(percentEncoded: false),
                    line: 0,
                    message: FileManager.default.fileExists(atPath: record.file.path)
                        ? "The file can't be read: \(error.localizedDescription)"
                        : "There is no such file. Name yours with --config; "
                            + "config/broadsheet.yaml is an example."
                )
            ])
        }
        return try read(text: text, record: record)
    }

    private static func read(text: String, record: SettingsReader.Record) throws -> Configuration? {
        let name = record.file.lastPathComponent
        record.problems += record.overrides.nameless.map { variable in
            ConfigurationProblem(
                file: name,
                line: 0,
                message:
                    "\(variable) in the environment names no key. Write two underscores between "
                    + "the names of a key only, as in BROADSHEET_LOG__LEVEL."
            )
        }
        do {
            let node = try record.overrides.applied(
                to: try Yams.compose(yaml: text) ?? Node.mapping([:])
            )
            return SettingsReader.read(node, path: "", record: record) { settings in
                ConfigurationReading(settings).configuration
            }
        } catch let error as YamlError {
            throw ConfigurationError(problems: [
                ConfigurationProblem(
                    file: name,
                    line: error.line,
                    message: "This is not valid YAML: \(error.sentence)"
                )
            ])
        } catch let error as EnvironmentOverrides.Unreadable {
            let message = "\(error.variable) in the environment is not valid YAML: \(error.reason)"
            throw ConfigurationError(problems: [
                ConfigurationProblem(file: name, line: 0, message: message)
            ])
        }
    }
}

extension YamlError {
    fileprivate var line: Int {
        switch self {
        case .scanner(_, _, let mark, _), .parser(_, _, let mark, _), .composer(_, _, let mark, _):
            mark.line
        case .duplicatedKeysInMapping(_, let context):
            context.mark.line
        default:
            0
        }
    }

    /// What is wrong, for people.
    var sentence: String {
        switch self {
        case .scanner(_, let problem, _, _), .parser(_, let problem, _, _),
            .composer(_, let problem, _, _):
            problem + ". Look for a colon or a blank too many; a text with ': ' in it "
                + "needs quotation marks."
        case .duplicatedKeysInMapping(let keys, _):
            "the key \(keys.map { "'\($0)'" }.joined(separator: ", ")) stands twice."
        default:
            "\(self)"
        }
    }
}
