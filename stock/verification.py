"""Checks that stock is what its movements say."""

from __future__ import annotations

from rmaproject.shared.verification import Check, sql_check

# A sale recorded from elsewhere moves no bulk stock, so all bulk there is came by movements.
_BULK = """
    WITH moved AS (
        SELECT part_id, batch_id, location_id, state, sum(quantity) AS quantity FROM (
            SELECT part_id, batch_id, to_location_id AS location_id, to_state AS state, quantity
            FROM stock_movement WHERE unit_id IS NULL AND to_location_id IS NOT NULL
            UNION ALL
            SELECT part_id, batch_id, from_location_id, from_state, -quantity
            FROM stock_movement WHERE unit_id IS NULL AND from_location_id IS NOT NULL) m
        GROUP BY part_id, batch_id, location_id, state),
    there AS (SELECT * FROM stock_stockitem WHERE serial IS NULL)
    SELECT 'bulk stock of ' || p.sku || ' at ' || l.code || ', ' ||
               coalesce(i.state, m.state) || coalesce(', item ' || i.uuid, '') || ': quantity',
           coalesce(i.quantity, 0), coalesce(m.quantity, 0)
    FROM there i FULL JOIN moved m
      ON i.part_id = m.part_id AND i.location_id = m.location_id AND i.state = m.state
     AND coalesce(i.batch_id, 0) = coalesce(m.batch_id, 0)
    JOIN stock_part p ON p.id = coalesce(i.part_id, m.part_id)
    JOIN stock_location l ON l.id = coalesce(i.location_id, m.location_id)
    WHERE coalesce(i.quantity, 0) <> coalesce(m.quantity, 0)
"""

_UNITS = """
    SELECT 'unit ' || p.sku || ' ' || i.serial || ': place',
           coalesce(here.code, 'elsewhere') || ', ' || i.state,
           coalesce(there.code, 'elsewhere') || ', ' || last.to_state
    FROM stock_stockitem i JOIN stock_part p ON p.id = i.part_id
    JOIN LATERAL (SELECT to_location_id, to_state FROM stock_movement m
        WHERE m.unit_id = i.id ORDER BY m.id DESC LIMIT 1) last ON true
    LEFT JOIN stock_location here ON here.id = i.location_id
    LEFT JOIN stock_location there ON there.id = last.to_location_id
    WHERE i.location_id IS DISTINCT FROM last.to_location_id OR i.state <> last.to_state
"""

_KITS = """
    SELECT 'part ' || k.sku || ': kind', k.kind, 'kit'
    FROM stock_part k WHERE k.kind <> 'kit'
      AND EXISTS (SELECT 1 FROM stock_kitpart p WHERE p.kit_id = k.id)
"""


def checks() -> list[Check]:
    """Bulk quantities are sums of movements; each unit is where its last movement took it.

    And only a kit is made of parts.
    """
    return [
        sql_check("bulk stock", "stock_stockitem", _BULK),
        sql_check("places of units", "stock_stockitem", _UNITS),
        sql_check("kits", "stock_kitpart", _KITS),
    ]
