using System.Globalization;

namespace ShellGuard.Audit.Profiles;

/// <summary>The groups of /etc/group, group(5), read at once. Groups of a directory service are not among them.</summary>
public sealed class HostGroups
{
    private readonly Dictionary<uint, string> _names = [];

    /// <summary>The group's name, or null where there is none.</summary>
    public string? this[uint group] => _names.GetValueOrDefault(group);

    /// <param name="file">Where none can be read, there are none.</param>
    public static HostGroups Load(string file = "/etc/group")
    {
        HostGroups groups = new();
        try
        {
            foreach (string line in File.ReadLines(file))
            {
                string[] fields = line.Split(':');
                if (fields.Length >= 3 && uint.TryParse(fields[2], NumberStyles.None, CultureInfo.InvariantCulture, out uint number))
                {
                    groups._names.TryAdd(number, fields[0]);
                }
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // Numbers stand where names would.
            return new HostGroups();
        }

        return groups;
    }
}
