import Foundation
import Issues

/// The images and other files that issues refer to, as they lie in folders of the operator.
///
/// A file is found only where it really is within its folder: neither `..` nor a symbolic link
/// leads out of it.
struct SiteFiles {
    /// The real paths of the folders, in the order in which they are searched.
    private let folders: [String]

    init(folders: [String]) {
        self.folders = folders.compactMap(Self.realPath)
    }

    /// The file that stands at a path of the site, if there is one.
    func find(_ path: SitePath) -> String? {
        guard !path.segments.contains(where: { $0.hasPrefix(".") }), !path.file.hasSuffix(".md")
        else { return nil }
        for folder in folders {
            guard let real = Self.realPath("\(folder)/\(path.file)"),
                real.hasPrefix(folder + "/"), Self.isRegular(real)
            else { continue }
            return real
        }
        return nil
    }

    private static func isRegular(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
    }

    private static func realPath(_ path: String) -> String? {
        guard let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        return String(cString: resolved)
    }
}
