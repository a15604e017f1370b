"""What every page shares: headers, hosts, menu, form fields, values in addresses, errors."""
