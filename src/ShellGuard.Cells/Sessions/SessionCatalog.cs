using ShellGuard.Core.Events;

namespace ShellGuard.Cells.Sessions;

/// <summary>The sessions of one user.</summary>
public sealed class SessionCatalog
{
    /// <summary>Shorter beginnings of a name are not taken for one.</summary>
    public const int ShortestPrefix = 4;

    private readonly SessionStorage _storage;
    private readonly Lazy<IReadOnlyList<StoredSession>> _sessions;

    private SessionCatalog(SessionStorage storage)
    {
        _storage = storage;
        _sessions = new Lazy<IReadOnlyList<StoredSession>>(Read);
    }

    /// <summary>Opens the storage and makes it where it is missing.</summary>
    /// <exception cref="StorageException">It belongs to somebody else, or cannot be made.</exception>
    public static SessionCatalog Open(string root, uint uid) => new(SessionStorage.Open(root, uid));

    /// <summary>The file of the key that signs the journals.</summary>
    public string KeyFile => $"{_storage.Root}/{SessionFiles.Key}";

    public string SessionsDirectory => _storage.SessionsDirectory;

    /// <summary>The latest first.</summary>
    public IReadOnlyList<StoredSession> Sessions => _sessions.Value;

    /// <summary>Whether a word on the command line names a session: the beginning of exactly the names that there are,
    /// at least <see cref="ShortestPrefix"/> characters.</summary>
    public bool Names(string word) =>
        word.Length >= ShortestPrefix && Sessions.Any(session => session.Id.Text.StartsWith(word, StringComparison.Ordinal));

    /// <summary>The session with this name or beginning of one; without it the latest that suits.</summary>
    /// <param name="name">From the person, or null.</param>
    /// <param name="suits">Which sessions count where no name is given; null for all.</param>
    /// <param name="none">What to say when none does.</param>
    /// <exception cref="SessionException">There is none, or more than one.</exception>
    public StoredSession Find(string? name, Func<StoredSession, bool>? suits = null, string? none = null)
    {
        if (name is null)
        {
            return Sessions.FirstOrDefault(session => suits is null || suits(session))
                ?? throw new SessionException(none ?? "there is no session yet; start one with shellguard run -- COMMAND");
        }

        List<StoredSession> found =
            [.. Sessions.Where(session => session.Id.Text.StartsWith(name, StringComparison.Ordinal))];
        return found switch
        {
            [{ } only] when name.Length > 0 => only,
            [] => throw new SessionException($"there is no session {name}; shellguard sessions lists them"),
            _ => throw new SessionException(
                $"{found.Count} sessions begin with {name}: {string.Join(", ", found.Take(4).Select(session => session.Id.Text))}"
                + $"{(found.Count > 4 ? ", ..." : "")}; give more of the name"),
        };
    }

    private List<StoredSession> Read()
    {
        List<StoredSession> sessions = [];
        foreach (DirectoryInfo directory in new DirectoryInfo(_storage.SessionsDirectory).EnumerateDirectories())
        {
            if (SessionId.TryParse(directory.Name, out SessionId? id) && directory.LinkTarget is null)
            {
                sessions.Add(new StoredSession(id, directory.FullName, SessionRecord.Read(directory.FullName)));
            }
        }

        // The name tells the second only; the record knows more.
        sessions.Sort((one, other) => other.Started.CompareTo(one.Started) is not 0 and var order
            ? order
            : other.Id.CompareTo(one.Id));
        return sessions;
    }
}
