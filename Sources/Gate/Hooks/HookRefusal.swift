// Why a hook is not installed or not taken away.

package import Git

/// What stands in the way of a hook. Facts, for whoever words the message; all that was there is as it was.
package enum HookRefusal: Error, Sendable, Equatable {
    /// No commits are made in a bare repository.
    case bare(folder: String)
    /// `core.hooksPath` leads to what is no folder, which turns all hooks off.
    case hooksOff(setting: HooksPathSetting)
    /// `core.hooksPath` names a folder that is not there.
    case noFolder(path: String, setting: HooksPathSetting)
    /// `core.hooksPath` begins with what is not known: the home folder of nobody, git's own prefix.
    case unknownHome(setting: HooksPathSetting)
    /// Where a hook belongs is something that is no file.
    case noFile(path: String)
    /// Our hook has been changed by hand.
    case changed(path: String)
    /// A hook that was kept stands beside another one that is not ours.
    case twoHooks(path: String, kept: String)
    /// The hook is another one now than when it was looked at.
    case raced(path: String)
    /// The system does not say which program runs.
    case noProgram
    /// `core.hooksPath` is set for all repositories already, to a folder that is not ours.
    case globalTaken(setting: HooksPathSetting, file: String)
    /// Our lines in the user's settings have been changed by hand.
    case settingsChanged(file: String, folder: String)
    /// Somebody else is writing the user's settings.
    case settingsLocked(lock: String)
    /// There is no home folder.
    case noHome
}
