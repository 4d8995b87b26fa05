"""Response: the incident, its level, the measures that hold where and when, and the areas drawn on the ground.

What a crisis is called, which measures exist and who may change them comes from a pack; here stands only how."""
