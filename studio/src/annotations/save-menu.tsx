import { Button, Menu } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { chooseSaving, saveChoices } from './save-choices.ts';

/** Chooses how objects with a label are saved: approved or suggested, and whether as soon as they have one. */
export function SaveMenu() {
  const { t } = useTranslation();
  const { status, whenNamed } = useStore(saveChoices);
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button px={6} aria-label={t('annotations.saveHow')} title={t('annotations.saveHow')} data-testid="save-how">
          <IconChevronDown size={16} aria-hidden />
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.RadioGroup
          value={status}
          onChange={(value) => chooseSaving({ status: value === 'suggested' ? 'suggested' : 'approved' })}
        >
          <Menu.RadioItem value="approved" closeMenuOnClick>
            {t('annotations.saveAs.approved')}
          </Menu.RadioItem>
          <Menu.RadioItem value="suggested" closeMenuOnClick>
            {t('annotations.saveAs.suggested')}
          </Menu.RadioItem>
        </Menu.RadioGroup>
        <Menu.Divider />
        <Menu.CheckboxItem
          closeMenuOnClick
          checked={whenNamed}
          data-testid="save-when-named"
          onChange={(isOn) => chooseSaving({ whenNamed: isOn })}
        >
          {t('annotations.saveWhenNamed')}
        </Menu.CheckboxItem>
      </Menu.Dropdown>
    </Menu>
  );
}
