internal import CExpat

/// The expat that is loaded.
public enum ExpatLibrary {
    /// `2.5.0`.
    public static var version: String {
        String(cString: XML_ExpatVersion()).replacing("expat_", with: "")
    }
}
