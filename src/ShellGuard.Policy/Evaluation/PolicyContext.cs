namespace ShellGuard.Policy.Evaluation;

/// <summary>Whose session it is and where it begins: what <c>~</c> and relative paths stand for.</summary>
/// <param name="Home">Absolute path of the home directory.</param>
/// <param name="WorkingDirectory">Absolute path as getcwd(2) gives it, without symbolic links.</param>
/// <param name="UserName">Login name.</param>
/// <param name="UserId">Numeric user id.</param>
public sealed record PolicyContext(string Home, string WorkingDirectory, string UserName, uint UserId);
