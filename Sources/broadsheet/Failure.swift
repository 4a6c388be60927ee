import ArgumentParser
import Daemon
import Foundation

/// An end with a sentence on standard error and an exit status.
enum Failure {
    /// The configuration is wrong (`sysexits.h`).
    static let configurationStatus: Int32 = 78

    /// Says why, and gives the error that ends the program with that status.
    static func exit(_ reason: any Error, status: Int32) -> ExitCode {
        exit("\(reason)", status: status)
    }

    static func exit(_ reason: String, status: Int32) -> ExitCode {
        say(ServiceLog.farewell(reason))
        return ExitCode(status)
    }
}

extension Failure {
    /// Says something on standard error, whoever wrote it.
    static func say(_ text: String, terminator: String = "\n") {
        let text = TerminalText.lines(text) + terminator
        FileHandle.standardError.write(Data(text.utf8))
    }
}

extension ConfigurationOption {
    /// The configuration; a mistake in it is explained and ends the program.
    ///
    /// Only who connects to the server needs the secret; others may well not be allowed to read it.
    func read(withSecret: Bool = false) throws -> Configuration {
        do {
            return try Configuration(file: URL(filePath: config), withSecret: withSecret)
        } catch {
            throw Failure.exit(error, status: Failure.configurationStatus)
        }
    }
}
