import Foundation

/// The folder below which somebody else's program lies.
///
/// It is the system's, or the one that Scripts/install-deps.sh unpacked; with
/// `BROADSHEET_PRIVATE_SERVERS=1` the latter even where the system has its own.
struct ServerTree {
    private static let unpacked = URL(filePath: #filePath)
        .appending(path: "../../../../.build/servers").standardizedFileURL.path

    /// Nothing for the system's, so that paths below it start with a slash.
    let root: String

    /// Nil if the program is nowhere; `program` is its path, such as `/usr/bin/prosody`.
    init?(_ make: String, program: String) {
        let isPrivateOnly =
            ProcessInfo.processInfo.environment["BROADSHEET_PRIVATE_SERVERS"] == "1"
        let roots = (isPrivateOnly ? [] : [""]) + ["\(Self.unpacked)/\(make)"]
        let found = roots.first { FileManager.default.isExecutableFile(atPath: $0 + program) }
        guard let found else { return nil }
        root = found
    }
}
