/// Why the archive could not be made; nothing was written then, unless the output failed.
public enum ArchiveError: Error, Sendable {
    /// Findings in issue files, one a line.
    case issues([String])
    case template(file: String, line: Int, column: Int, reason: String)
    case templateFolder(String, reason: String)
    case text(file: String, line: Int, reason: String)

    /// An issue's address that no file can have: the address, the issue's file.
    case address(String, file: String)

    /// Two pages with one address.
    case collision(String, String, String)
    case output(String, reason: String)

    /// Files in the output folder that the archive did not write and would have to replace.
    case foreign([String])
    case busy(String)
}

extension ArchiveError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .issues(let findings):
            findings.joined(separator: "\n")
                + "\nThe archive was left as it is. Correct these files, then start again."
        case .template(let file, let line, let column, let reason):
            "\(file):\(line):\(column): \(reason)"
        case .templateFolder(let path, let reason):
            "The folder of templates \(path) can't be read: \(reason)."
        case .text(let file, let line, let reason):
            "\(file):\(line): \(reason)"
        case .address(let address, let file):
            "The address \(address) of \(file) can't be the path of a file. Change the title or "
                + "the base address."
        case .collision(let path, let first, let second):
            "Both \(first) and \(second) would stand at /\(path). Change the title or the date of "
                + "one."
        case .output(let path, let reason):
            "\(path) can't be written: \(reason)."
        case .foreign(let paths):
            "There are files in the output folder that are not of an archive: "
                + paths.prefix(5).joined(separator: ", ") + (paths.count > 5 ? ", …" : "")
                + ". Move them, or name another folder with --out."
        case .busy(let path):
            "Another run is writing to \(path). Start again when it is done."
        }
    }
}
