using ShellGuard.Audit.Import;
using ShellGuard.Audit.Model;

namespace ShellGuard.Audit.Reports;

/// <summary>Users as people know them.</summary>
public static class UserText
{
    /// <summary><c>root</c>, <c>www-data (33)</c>, or <c>33</c> where the audit has no name.</summary>
    public static string Of(ImportResult result, long number)
    {
        ArgumentNullException.ThrowIfNull(result);
        foreach (SeenUser user in result.Users)
        {
            if (user.Number == number)
            {
                return number == 0 && user.Name == "root" ? user.Name : $"{AccessText.Name(user.Name, 40)} ({number})";
            }
        }

        return number == 0 ? "root" : $"{number}";
    }

    /// <summary><c>user www-data (33)</c>; root is called so.</summary>
    public static string WithKind(ImportResult result, long number) =>
        Of(result, number) is var text && text == "root" ? text : $"user {text}";
}
