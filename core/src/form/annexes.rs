//! Which forms there are, and what their fields are made of.

use super::answers::Measure;
use super::{Case, Field, Form, FormKind, Item, NoForm, TickBox, Value};

/// Fills a form. Annex II comes once for what was removed and once for that to which access was disabled, since a form
/// ticks one of the two.
///
/// # Errors
/// [`NoForm`] when there is nothing to say in it.
pub fn draw(kind: FormKind, case: &Case) -> Result<Vec<Form>, NoForm> {
    if case.instrument != kind.instrument() {
        return Err(NoForm::OtherInstrument {
            form: kind.instrument(),
            request: case.instrument.clone(),
        });
    }
    let forms = match kind {
        FormKind::AnnexI => vec![case.annex_i()],
        FormKind::AnnexII => [Measure::Removed, Measure::Disabled]
            .into_iter()
            .filter_map(|measure| case.annex_ii(measure))
            .collect(),
        FormKind::AnnexIII => vec![case.annex_iii()?],
        FormKind::DsaArt9 => vec![case.dsa_art9()],
        FormKind::DsaArt9Effect => vec![case.dsa_art9_effect()?],
        FormKind::DsaArt16Receipt => vec![case.dsa_art16_receipt()?],
        FormKind::DsaArt16Decision => vec![case.dsa_art16_decision()?],
    };
    if forms.is_empty() {
        return Err(NoForm::NothingDone);
    }
    Ok(forms)
}

pub(super) fn read(label: &'static str, value: Value) -> Field {
    Field {
        label,
        value,
        recalled: false,
    }
}

pub(super) fn recalled(label: &'static str, value: Value) -> Field {
    Field {
        label,
        value,
        recalled: true,
    }
}

pub(super) fn text(text: impl Into<String>) -> Value {
    Value::Lines(vec![text.into()])
}

pub(super) fn known(text: Option<String>) -> Value {
    text.map_or(Value::ByHand, |text| Value::Lines(vec![text]))
}

pub(super) fn boxes(of: &[(bool, &'static str)]) -> Value {
    let each = of.iter().map(|(ticked, text)| TickBox {
        ticked: *ticked,
        text,
        recalled: true,
    });
    Value::Boxes(each.collect())
}

/// An item as the forms name it: its number in the order and where it is.
pub(super) fn located(item: &Item) -> String {
    format!("{}: {}", item.position, item.locator)
}
